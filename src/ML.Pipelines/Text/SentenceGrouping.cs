namespace ML.Pipelines.Text;

/// <summary>Joins sentences that belong together.</summary>
internal sealed class SentenceGrouping(string text, StepSegmenterOptions options)
{
    private readonly List<SentenceGroup> _groups = [];
    private Sentence _previous;
    private bool _inIntroducedList;

    /// <summary>The groups, adjacent and together the whole text.</summary>
    public static List<SentenceGroup> Group(string text, StepSegmenterOptions options)
    {
        var grouping = new SentenceGrouping(text, options);
        foreach (Sentence sentence in SentenceScanner.Scan(text, options.MaxStepLength)) grouping.Add(sentence);
        return grouping._groups;
    }

    private void Add(Sentence sentence)
    {
        StepCategory? opening = sentence.IsDisplay ? null : StepOpening.Find(options.Markers, text, sentence.Start, sentence.End)?.Category;
        var group = new SentenceGroup(sentence.Start, sentence.End, 1, sentence.Break == SentenceBreak.Paragraph, opening);
        bool isIntroduced = _groups.Count > 0 && _previous.Introduces && !group.IsReflection;
        _inIntroducedList = sentence.IsListItem
            ? isIntroduced || ContinuesList(sentence)
            : _inIntroducedList && sentence.Break == SentenceBreak.Space;
        if (_groups.Count > 0 && Belongs(sentence, group, isIntroduced)) Join(group, IsRestOfSentence(sentence) ? 0 : 1);
        else _groups.Add(group);
        _previous = sentence;
    }

    private bool Belongs(Sentence sentence, SentenceGroup group, bool isIntroduced)
    {
        if (_groups[^1].Length + sentence.Length > options.MaxStepLength) return false;
        return IsRestOfSentence(sentence) || isIntroduced || (_inIntroducedList && !group.IsReflection);
    }

    // A list with blank lines between its items is kept together while it is short.
    private bool ContinuesList(Sentence sentence) =>
        _inIntroducedList && (sentence.Break == SentenceBreak.Line || _groups[^1].Sentences < 2 * options.MaxSentences);

    private bool IsRestOfSentence(Sentence sentence) => sentence.IsDisplay
        ? !_previous.IsDisplay
        : sentence.BeginsLowerCase && sentence.Break != SentenceBreak.Space && !_previous.IsTerminated;

    private void Join(SentenceGroup group, int sentences)
    {
        SentenceGroup last = _groups[^1];
        _groups[^1] = last with { End = group.End, Sentences = last.Sentences + sentences };
    }
}
