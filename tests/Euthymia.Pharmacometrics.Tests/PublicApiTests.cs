using System.Reflection;
using System.Runtime.CompilerServices;
using Euthymia.Numerics;
using Euthymia.Pharmacometrics.Tests.Guide;

namespace Euthymia.Pharmacometrics.Tests;

/// <summary>
/// The public surface of the two libraries is recorded in public-api/*.txt, so that a change of it is seen in review.
/// Run with EUTHYMIA_RECORD_API=1 to record it anew.
/// </summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Libraries => [typeof(NumericsException).Assembly.GetName().Name!, typeof(DrugModel).Assembly.GetName().Name!];

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task The_public_surface_is_the_recorded_one(string library)
    {
        var file = $"tests/Euthymia.Pharmacometrics.Tests/public-api/{library}.txt";
        var surface = string.Concat(Assembly.Load(library).GetExportedTypes().SelectMany(Describe).Order(StringComparer.Ordinal).Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("EUTHYMIA_RECORD_API") is "1")
            await File.WriteAllTextAsync(Repository.Path(file), surface, TestContext.Current.CancellationToken);

        var recorded = (await Repository.Read(file, TestContext.Current.CancellationToken)).Split('\n');
        var now = surface.Split('\n');
        Assert.True(
            recorded.SequenceEqual(now, StringComparer.Ordinal),
            $"The public surface of {library} changed.\nGone:\n{string.Join('\n', recorded.Except(now, StringComparer.Ordinal))}\nNew:\n{string.Join('\n', now.Except(recorded, StringComparer.Ordinal))}\nIf that is meant, run this test with EUTHYMIA_RECORD_API=1 and commit {file}.");
    }

    private static IEnumerable<string> Describe(Type type)
    {
        var name = Name(type);
        string[] parents = [.. new[] { type.BaseType }.Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType)).Select(parent => Name(parent!))];
        yield return $"{name}: {Kind(type)}{string.Concat(parents.Select(parent => " " + parent))}";
        foreach (var member in type.GetMembers(Declared).Where(member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null))
        {
            switch (member)
            {
                case FieldInfo field when Visible(field.Attributes & FieldAttributes.FieldAccessMask, FieldAttributes.Public, FieldAttributes.Family) && !field.IsSpecialName:
                    yield return $"{name}.{field.Name}: {Name(field.FieldType)}{(type.IsEnum ? $" = {Convert.ToInt64(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}" : "")}";
                    break;
                case PropertyInfo property when property.GetAccessors(nonPublic: true).Any(Visible):
                    var accessors = property.GetAccessors(nonPublic: true).Where(Visible).Select(accessor => accessor == property.GetMethod ? "get" : IsInit(accessor) ? "init" : "set");
                    yield return $"{name}.{property.Name}{Indices(property)}: {Name(property.PropertyType)} {{ {string.Join("; ", accessors)} }}{Static(property.GetAccessors(nonPublic: true)[0])}";
                    break;
                case ConstructorInfo constructor when Visible(constructor):
                    yield return $"{name}.new{Parameters(constructor)}";
                    break;
                case MethodInfo method when Visible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)):
                    yield return $"{name}.{method.Name}{Generic(method.GetGenericArguments())}{Parameters(method)}: {Name(method.ReturnType)}{Static(method)}";
                    break;
            }
        }
    }

    private static string Kind(Type type)
        => type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool Visible(FieldAttributes access, params ReadOnlySpan<FieldAttributes> visible) => visible.Contains(access);

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Static(MethodBase method) => method.IsStatic ? " static" : method.IsAbstract && !method.DeclaringType!.IsInterface ? " abstract" : "";

    private static string Indices(PropertyInfo property)
        => property.GetIndexParameters() is { Length: > 0 } indices ? $"[{string.Join(", ", indices.Select(index => Name(index.ParameterType)))}]" : "";

    private static string Parameters(MethodBase method)
        => $"({string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"))})";

    private static string Generic(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.HasElementType)
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsByRef ? "&" : "*");
        var scope = type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace!.StartsWith("Euthymia", StringComparison.Ordinal) ? type.Namespace + "." : "";
        return scope + type.Name.Split('`')[0] + Generic(type.GetGenericArguments());
    }
}
