namespace ML.Pipelines.Cli.Tests.Evaluation;

/// <summary>A folder of small evaluation files.</summary>
internal sealed class EvaluationFolder : IDisposable
{
    public const string Trace = """
        {"id": "t1", "form": "copy", "split": "words", "seed": 1, "question": "Ann has 2 pens and gets 3. How many?",
         "steps": [{"text": "2 + 3 = 5.", "kind": "progressive", "label": "critical"},
                   {"text": "Wait, let me check.", "kind": "verification", "label": "redundant"}], "answer": "5"}
        """;

    public const string Problem = """
        {"id": "g1", "question": "Ann has 2 pens and gets 3. How many?",
         "sentences": ["She has 2.", "2 + 3 = 5"], "order": [1, 0], "answer": "5"}
        """;

    public const string Text = """{"id": "x1", "set": "words", "text": "Ann has 2 pens 😀."}""";

    public const string Prompt = """
        {"id": "p1", "task": "judge", "split": "words", "prompt": "Judge the difficulty: 1 + 1?", "reply": "simple"}
        """;

    public const string Chain = """
        {"id": "c1", "question": "1 + 1?", "full": ["1 + 1 = 2.", "Wait."], "pruned": ["1 + 1 = 2."], "answer": "2"}
        """;

    public EvaluationFolder()
    {
        Write("traces.jsonl", Trace);
        Write("gsm8k.jsonl", Problem);
        Write("texts.jsonl", Text);
        Write("prompts.jsonl", Prompt);
        Write("chains.jsonl", Chain);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("evaluation-").FullName;

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Writes rows, each brought to one line.</summary>
    public string Write(string file, params string[] rows)
    {
        File.WriteAllLines(PathOf(file), rows.Select(row => row.ReplaceLineEndings(" ")));
        return PathOf(file);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
