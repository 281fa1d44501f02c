using System.Diagnostics.CodeAnalysis;

namespace Euthymia.Interop.Hl7;

/// <summary>The acknowledgement code of MSA-1.</summary>
public enum AckCode
{
    /// <summary>Application accept: stored.</summary>
    AA,

    /// <summary>Application error: the content is wrong; sending it again will not help.</summary>
    AE,

    /// <summary>Application reject: not for this receiver, or not now.</summary>
    AR,
}

/// <summary>A message that is refused. Nothing of it is stored.</summary>
/// <param name="ack">How it is acknowledged.</param>
/// <param name="code">HL7 table 0357: 100 segment sequence, 101 required field, 102 data type, 103 table value, 200 message type, 201 event, 202 processing id, 203 version, 204 unknown key, 205 duplicate key, 207 internal.</param>
/// <param name="location">Where, for ERR-2 ("OBX^4^6"); empty when the message as a whole is meant.</param>
/// <param name="message">What was found and what was expected. Never holds patient data.</param>
[SuppressMessage("Roslynator", "RCS1194", Justification = "A refusal without acknowledgement and code must not exist.")]
public sealed class Hl7Exception(AckCode ack, int code, string location, string message) : Exception(message)
{
    public AckCode Ack { get; } = ack;

    public int Code { get; } = code;

    public string Location { get; } = location;
}
