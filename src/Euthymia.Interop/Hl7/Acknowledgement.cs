using System.Globalization;
using System.Text;

namespace Euthymia.Interop.Hl7;

/// <summary>The answer to one frame (ACK^R01): MSH, MSA and, when refused, ERR with the reason.</summary>
/// <param name="Code">AA, AE or AR.</param>
/// <param name="ControlId">The control id answered; empty when it could not be read.</param>
public sealed record Acknowledgement(AckCode Code, string ControlId)
{
    /// <summary>HL7 table 0357; null when accepted.</summary>
    public int? ErrorCode { get; init; }

    public string ErrorLocation { get; init; } = "";

    public string Reason { get; init; } = "";

    public static Acknowledgement Of(Hl7Exception refusal, string controlId)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new Acknowledgement(refusal.Ack, controlId) { ErrorCode = refusal.Code, ErrorLocation = refusal.Location, Reason = refusal.Message };
    }

    /// <summary>The message without its frame.</summary>
    public byte[] ToBytes(DateTimeOffset at, Guid id)
    {
        var usual = Er7Delimiters.Usual;
        var time = at.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"MSH|^~\\&|Euthymia||||{time}+0000||ACK^R01^ACK|{id:N}|P|2.6\r");
        text.Append(CultureInfo.InvariantCulture, $"MSA|{Code}|{usual.Escaped(ControlId)}\r");
        if (ErrorCode is { } error)
            text.Append(CultureInfo.InvariantCulture, $"ERR||{ErrorLocation}|{error}^^HL70357|E||||{usual.Escaped(Reason)}\r");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads an answer, for a sender.</summary>
    /// <exception cref="Hl7Exception">The message is not an acknowledgement.</exception>
    public static Acknowledgement Parse(ReadOnlySpan<byte> bytes)
    {
        var message = Er7Message.Parse(bytes);
        var msa = message.All("MSA").FirstOrDefault() ?? throw new Hl7Exception(AckCode.AE, 100, "", "The answer has no MSA segment.");
        if (!Enum.TryParse<AckCode>(msa.Text(1), out var code) || !Enum.IsDefined(code))
            throw new Hl7Exception(AckCode.AE, 103, msa.Location(1), "The acknowledgement code is not AA, AE or AR.");
        var err = message.All("ERR").FirstOrDefault();
        return new Acknowledgement(code, msa.Text(2))
        {
            ErrorCode = err is not null && int.TryParse(err.Text(3), NumberStyles.None, CultureInfo.InvariantCulture, out var error) ? error : null,
            ErrorLocation = err is null ? "" : string.Join('^', err.Text(2), err.Text(2, 2), err.Text(2, 3)).TrimEnd('^'),
            Reason = err?.Text(8) ?? "",
        };
    }
}
