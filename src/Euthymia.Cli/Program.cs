using Euthymia.Cli;

return await EuthymiaProgram.RunAsync(args, Console.Out, Console.Error);
