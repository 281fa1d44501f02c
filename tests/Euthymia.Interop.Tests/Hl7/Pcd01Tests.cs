using CsCheck;
using Euthymia.Interop.Hl7;

namespace Euthymia.Interop.Tests.Hl7;

public sealed class Pcd01Tests
{
    private const string Systolic = "OBX|4|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.1.1|120|266016^MDC_DIM_MMHG^MDC|||||R|||20260302095958+0000";
    private const string Diastolic = "OBX|5|NM|150022^MDC_PRESS_BLD_NONINV_DIA^MDC|1.1.1.2|80|mm[Hg]^mm[Hg]^UCUM|||||R";

    [Fact]
    public void Numerics_are_read_by_their_codes()
    {
        var reading = Samples.Read(
            Systolic, Diastolic,
            "OBX|6|NM|150023^MDC_PRESS_BLD_NONINV_MEAN^MDC|1.1.1.3|93|266016^MDC_DIM_MMHG^MDC|||||F",
            "OBX|7|NM|147842^MDC_ECG_HEART_RATE^MDC|1.2.1.1|71.6|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R",
            "OBX|8|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.1|97|262688^MDC_DIM_PERCENT^MDC|||||R",
            "OBX|9|NM|151562^MDC_RESP_RATE^MDC|1.4.1.1|14|264928^MDC_DIM_RESP_PER_MIN^MDC|||||R",
            "OBX|10|NM|150344^MDC_TEMP^MDC|1.5.1.1|37.0|268192^MDC_DIM_DEGC^MDC|||||R");

        Assert.Equal((120, 80, 93, 72, 97, 14), (reading.Systolic, reading.Diastolic, reading.Mean, reading.HeartRate, reading.OxygenSaturation, reading.RespiratoryRate));
        Assert.Equal(1, reading.Ignored);
        Assert.Equal(Samples.Device, reading.DeviceId);
        Assert.Equal("1001", reading.ControlId);
        Assert.Equal(Samples.Now, reading.ReceivedAt);
        Assert.Equal(Samples.Now.AddSeconds(-2), reading.DeviceTime);
    }

    [Fact]
    public void What_a_monitor_writes_is_read_back()
        => Gen.Select(Gen.Int[80, 200], Gen.Int[30, 79], Gen.Int[40, 160], Gen.Int[70, 100], Gen.Int[6, 40], Gen.Bool).Sample((systolic, diastolic, rate, spo2, breaths, withPressure) =>
        {
            var sent = Samples.Reading with
            {
                Systolic = withPressure ? systolic : null,
                Diastolic = withPressure ? diastolic : null,
                Mean = null,
                HeartRate = rate,
                OxygenSaturation = spo2,
                RespiratoryRate = breaths,
            };
            var read = Pcd01.Read(Er7Message.Parse(MonitorFrame.Write(sent)), Samples.Now) with { Chair = sent.Chair };

            Assert.Equal(sent with { DeviceTime = Samples.Now }, read);
        });

    [Fact]
    public void The_heart_rate_of_the_electrocardiogram_wins_over_pulse_rates_in_any_order()
    {
        const string ecg = "OBX|7|NM|147842^MDC_ECG_HEART_RATE^MDC|1.2.1.1|71|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R";
        const string pulse = "OBX|8|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.3.1.2|69|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R";

        Assert.Equal(71, Samples.Read(ecg, pulse).HeartRate);
        Assert.Equal(71, Samples.Read(pulse, ecg).HeartRate);
        Assert.Equal(69, Samples.Read(pulse).HeartRate);
    }

    [Fact]
    public void Kilopascal_is_converted()
    {
        var reading = Samples.Read(Systolic.Replace("120|266016^MDC_DIM_MMHG^MDC", "16.0|kPa^kPa^UCUM", StringComparison.Ordinal), Diastolic);

        Assert.Equal(120, reading.Systolic);
    }

    [Theory]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97|262688^MDC_DIM_PERCENT^MDC|||||X")]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1||262688^MDC_DIM_PERCENT^MDC|||||R")]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|\"\"|262688^MDC_DIM_PERCENT^MDC|||||R")]
    [InlineData("OBX|4|NM|150456^SPO2^99XYZ|1|97|262688^MDC_DIM_PERCENT^MDC|||||R")]
    public void What_was_not_measured_stays_unknown(string observation)
    {
        var reading = Samples.Read(observation);

        Assert.Null(reading.OxygenSaturation);
        Assert.True(reading.IsEmpty);
    }

    [Theory]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97,5|262688^MDC_DIM_PERCENT^MDC|||||R", 102)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|1e2|262688^MDC_DIM_PERCENT^MDC|||||R", 102)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|NaN|262688^MDC_DIM_PERCENT^MDC|||||R", 102)]
    [InlineData("OBX|4|ST|150456^SPO2^MDC|1|97|262688^MDC_DIM_PERCENT^MDC|||||R", 102)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|101|262688^MDC_DIM_PERCENT^MDC|||||R", 102)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97||||||R", 103)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97|266016^MDC_DIM_MMHG^MDC|||||R", 103)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97|262688^MDC_DIM_PERCENT^MDC|||||W", 103)]
    [InlineData("OBX|4|NM|150456^SPO2^MDC|1|97|262688^MDC_DIM_PERCENT^MDC", 103)]
    [InlineData("OBX|4|NM|150021^SYS^MDC|1|120|266016^MDC_DIM_MMHG^MDC|||||R", 102)]
    public void What_is_not_understood_is_refused_whole(string observation, int code)
    {
        var refusal = Assert.Throws<Hl7Exception>(() => Samples.Read("OBX|3|NM|147842^HR^MDC|1|71|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R", observation));

        Assert.Equal((AckCode.AE, code), (refusal.Ack, refusal.Code));
        Assert.NotEmpty(refusal.Message);
    }

    [Fact]
    public void The_same_measurement_twice_is_refused_when_the_values_differ()
    {
        const string other = "OBX|6|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.1.2.1|121|266016^MDC_DIM_MMHG^MDC|||||R";

        Assert.Equal(205, Assert.Throws<Hl7Exception>(() => Samples.Read(Systolic, Diastolic, other)).Code);
        Assert.Equal(120, Samples.Read(Systolic, Diastolic, Systolic).Systolic);
    }

    [Theory]
    [InlineData("ORU^R01^ORU_R01", "ADT^A01", 200)]
    [InlineData("ORU^R01^ORU_R01", "ORU^R40", 201)]
    [InlineData("|P|2.6", "|T|2.6", 202)]
    [InlineData("|P|2.6", "|P|3.0", 203)]
    [InlineData("|1001|", "||", 101)]
    [InlineData("VSP^080019FFFE134535^EUI-64", "", 101)]
    public void A_message_not_for_this_receiver_is_rejected(string from, string to, int code)
    {
        var refusal = Assert.Throws<Hl7Exception>(() => Pcd01.Read(Er7Message.Parse(Samples.Text(Systolic, Diastolic).Replace(from, to, StringComparison.Ordinal)), Samples.Now));

        Assert.Equal((AckCode.AR, code), (refusal.Ack, refusal.Code));
    }

    [Theory]
    [InlineData("20260302095958+0000", "20260302105958+0100", true)]
    [InlineData("20260302095958+0000", "20260302095958", false)]
    [InlineData("20260302095958+0000", "202603020959", false)]
    public void A_time_without_an_offset_is_no_moment(string from, string to, bool known)
    {
        var reading = Pcd01.Read(Er7Message.Parse(Samples.Text().Replace(from, to, StringComparison.Ordinal)), Samples.Now);

        Assert.Equal(known ? Samples.Now.AddSeconds(-2) : null, reading.DeviceTime);
    }

    [Theory]
    [InlineData("20260230095958+0000")]
    [InlineData("yesterday")]
    public void A_malformed_time_is_refused(string time)
        => Assert.Equal(102, Assert.Throws<Hl7Exception>(() => Pcd01.Read(Er7Message.Parse(Samples.Text().Replace("20260302095958+0000", time, StringComparison.Ordinal)), Samples.Now)).Code);

    [Fact]
    public void The_event_id_is_the_same_for_the_same_message_and_device_only()
    {
        Assert.Equal(Samples.Reading.EventId, (Samples.Reading with { ReceivedAt = Samples.Now.AddHours(1) }).EventId);
        Assert.NotEqual(Samples.Reading.EventId, (Samples.Reading with { ControlId = "1002" }).EventId);
        Assert.NotEqual(Samples.Reading.EventId, (Samples.Reading with { DeviceId = "other" }).EventId);
    }
}
