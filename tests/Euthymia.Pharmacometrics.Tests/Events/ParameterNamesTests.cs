namespace Euthymia.Pharmacometrics.Tests.Events;

public sealed class ParameterNamesTests
{
    private const string Oral = "ID,TIME,AMT\n1,0,100\n1,3,.\n1,24,.\n";

    [Theory]
    [InlineData("iv1", "CL=5,V1=20", "CL=5,V=20", "CL=5,VC=20", "cl = 5, v = 20")]
    [InlineData("iv2", "CL=5,V1=20,Q2=8,V2=60", "CL=5,V1=20,Q=8,V2=60", "CL=5,VC=20,Q=8,VP=60", "CL=5,V=20,Q=8,V2=60")]
    [InlineData("iv3", "CL=5,V1=20,Q2=8,V2=60,Q3=2,V3=90", "CL=5,VC=20,Q=8,VP=60,Q2=2,VP2=90")]
    [InlineData("oral1", "KA=1,CL=5,V1=20", "KA=1,CL=5,V=20", "KA=1,CL=5,V2=20", "CL=5,VC=20,KA=1")]
    [InlineData("oral2", "KA=1,CL=5,V1=20,Q2=8,V2=60", "KA=1,CL=5,V2=20,Q=8,V3=60", "KA=1,CL=5,V2=20,Q3=8,V3=60", "KA=1,CL=5,VC=20,Q=8,VP=60", "CL=5,V1=20,KA=1,Q=8,V2=60")]
    [InlineData("oral3", "KA=1,CL=5,V1=20,Q2=8,V2=60,Q3=2,V3=90", "KA=1,CL=5,V2=20,Q3=8,V3=60,Q4=2,V4=90", "KA=1,CL=5,VC=20,Q=8,VP=60,Q2=2,VP2=90")]
    public void Every_way_of_naming_means_the_same(string model, string canonical, params string[] others)
    {
        var expected = EventFile.Run(Oral, model, canonical);

        Assert.All(others, other => Assert.Equal(expected, EventFile.Run(Oral, model, other)));
    }

    [Fact]
    public void Dose_parameters_count_the_depot()
    {
        const string central = "ID,TIME,AMT,CMT\n1,0,100,2\n1,0,.,.\n";
        var values = EventFile.Run(central, "oral2", "KA=1,CL=5,V2=20,Q=8,V3=60,F2=0.5,F1=0.1");

        Assert.Equal(100 * 0.5 / 20, values[1], 1e-12);
    }

    [Theory]
    [InlineData("oral2", "KA=1,CL=5,V1=20,Q=8,V3=60", "parameter-unknown", "V3")]
    [InlineData("iv1", "CL=5,V=20,V1=20", "parameter-repeated", "V1")]
    [InlineData("iv2", "CL=5,V1=20,Q=8", "parameter-missing", "V2")]
    [InlineData("oral2", "KA=1,CL=5,V2=20,Q=8", "parameter-missing", "V1")]
    [InlineData("iv2", "CL=5,V1=20,Q=8,V2=60,KA=1", "parameter-unknown", "KA")]
    [InlineData("iv1", "CL=5,V1=20,ALAG2=1", "parameter-unknown", "ALAG2")]
    [InlineData("iv1", "CL=5,V1=20,F1=1,F1=1", "parameter-repeated", "F1")]
    public void What_is_mixed_missing_or_unknown_is_refused_with_the_list(string model, string parameters, string code, string name)
    {
        var error = Assert.Throws<InvalidInputException>(() => EventFile.Run(Oral, model, parameters));

        Assert.Equal(code, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("It takes CL, V1", error.Message, StringComparison.Ordinal);
        Assert.Contains("F1, ALAG1, R1, D1", error.Message, StringComparison.Ordinal);
    }
}
