using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>Tells replies that are data from those that are not.</summary>
internal static class ReplyReading
{
    public static TeacherReply Read(ChatResponse response, TeacherInfo teacher)
    {
        var text = response.Text;
        var fault = Fault(response, text, teacher.Name);
        var reasoning = string.Concat(
            response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(part => part.Text));
        return new()
        {
            Text = fault is null ? text : null,
            Error = fault,
            Reasoning = reasoning.Length == 0 ? null : reasoning,
            InputTokens = response.Usage?.InputTokenCount ?? 0,
            OutputTokens = response.Usage?.OutputTokenCount ?? 0,
            FinishReason = response.FinishReason?.Value,
        };
    }

    private static RowError? Fault(ChatResponse response, string text, string teacher)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter)
            return new(ErrorCode.TeacherFiltered,
                $"A content filter kept back the reply of {teacher}. Drop the row, or ask another teacher.");
        if (response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().FirstOrDefault() is { } error)
            return new(ErrorCode.TeacherRefusal, $"{teacher} declined: {Opening(error.Message)} Drop the row, or ask another teacher.");
        if (response.FinishReason == ChatFinishReason.Length)
            return new(ErrorCode.TeacherTruncated,
                $"The reply of {teacher} was cut off after {response.Usage?.OutputTokenCount} tokens. Allow more "
                + "output tokens, or give the model a longer context.");
        if (response.FinishReason is { } reason && reason != ChatFinishReason.Stop)
            return new(ErrorCode.TeacherTruncated,
                $"{teacher} stopped before the end of its reply, with reason '{reason.Value}'. Run again.");
        if (string.IsNullOrWhiteSpace(text))
            return new(ErrorCode.TeacherEmpty,
                $"The reply of {teacher} has no text. Allow more output tokens if the model thinks first; otherwise "
                + "ask again with another seed.");
        if (Refusals.IsRefusal(text))
            return new(ErrorCode.TeacherRefusal, $"{teacher} declined: {Opening(text)} Drop the row, or ask another teacher.");
        return null;
    }

    private static string Opening(string text)
    {
        const int Shown = 80;
        var line = text.Trim().Split('\n', 2)[0].TrimEnd();
        return line.Length <= Shown ? $"'{line}'." : $"'{line[..Shown]}…'.";
    }
}
