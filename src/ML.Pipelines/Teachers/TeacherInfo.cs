using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Teachers;

/// <summary>What a teacher is.</summary>
/// <param name="Name">A name for people and telemetry, e.g. the model's at its server.</param>
/// <param name="Fingerprint">Changes whenever the replies may change; it keys the reply journal. It does not depend on where the model is
/// served.</param>
/// <param name="ContextLength">The most tokens a prompt with its reply may have; null where it is not known.</param>
public sealed record TeacherInfo(string Name, string Fingerprint, int? ContextLength = null)
{
    /// <summary>A teacher that is served elsewhere: its name and revision identify it, whatever server it moves to.</summary>
    /// <param name="model">The model's name at the server.</param>
    /// <param name="revision">What tells versions behind the same name apart, for example a date or a commit; may be empty.</param>
    /// <param name="contextLength">As <see cref="ContextLength"/>.</param>
    public static TeacherInfo Remote(string model, string revision = "", int? contextLength = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(revision);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{revision}"));
        return new(model, Convert.ToHexStringLower(hash), contextLength);
    }
}
