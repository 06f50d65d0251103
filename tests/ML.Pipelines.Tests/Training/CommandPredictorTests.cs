using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

[TestClass]
public sealed class CommandPredictorTests : CommandTest
{
    private static readonly Prompt[] Prompts = [new("a", "1 + 1?"), new("b", "say \"hi\"")];

    private string Model => Path.Combine(Folder, "my model");

    [TestMethod]
    public async Task The_command_gets_prompts_and_model_and_its_texts_come_in_the_prompts_order()
    {
        var texts = await Predictor("""
            cp "$1" "$calls"
            printf '{"text": "%s", "id": "b"}\n{"id": "a", "text": "2\\n", "more": 1}\n' "$2" >"$3"
            """).PredictAsync(Model, Prompts);
        Assert.AreSequenceEqual(["2\n", Model], texts);
        Assert.AreSequenceEqual(["""{"id":"a","prompt":"1 + 1?"}""", """{"id":"b","prompt":"say \"hi\""}"""], Calls);
    }

    [TestMethod]
    public async Task The_same_prompts_are_asked_of_a_model_once()
    {
        var predictor = Predictor("""
            echo asked >>"$calls"
            sed 's/"prompt"/"text"/' "$1" >"$3"
            """);
        for (var i = 0; i < 2; i++) Assert.AreSequenceEqual(["1 + 1?", "say \"hi\""], await predictor.PredictAsync(Model, Prompts));
        await predictor.PredictAsync(Model + " 2", Prompts);
        await predictor.PredictAsync(Model, [Prompts[0]]);
        Assert.HasCount(3, Calls);
    }

    [TestMethod]
    [DataRow("""{"id": "a", "text": "2"}""", "1 of 2 prompts have no prediction, e.g. b")]
    [DataRow("""{"id": "a", "text": "2"}\n{"id": "c", "text": "2"}""", "line 2 of {out} has the id 'c', which was not asked")]
    [DataRow("""{"id": "a", "text": "2"}\n{"id": "b", "text": "2"}\n{"id": "a", "text": "3"}""",
        "line 3 of {out} has the id 'a' a second time")]
    [DataRow("""{"id": "a", "text": "2"}\n{"id": "b", "text": ""}\nTraceback""",
        "line 3 of {out} is no JSON object with the texts id and text")]
    [DataRow("""{"id": "a"}""", "line 1 of {out} is no JSON object with the texts id and text")]
    [DataRow("[1]", "line 1 of {out} is no JSON object with the texts id and text")]
    public async Task Predictions_that_are_not_one_a_prompt_are_told_and_not_kept(string lines, string message)
    {
        var predictor = Predictor($"printf '{lines}' >\"$3\"");
        var fault = await ThrowsAsync(ErrorCode.InvalidPredictions, () => predictor.PredictAsync(Model, Prompts));
        Assert.Contains(message, fault.Message);
        Assert.Contains("predict.log", fault.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(Entries.Single(), "predictions*"));
    }

    [TestMethod]
    public async Task A_command_that_fails_or_writes_nothing_is_told()
    {
        var failed = await ThrowsAsync(ErrorCode.TrainingFailed, () => Predictor("exit 4").PredictAsync(Model, Prompts));
        Assert.Contains("exit code 4", failed.Message);
        var silent = await ThrowsAsync(ErrorCode.TrainingFailed, () => Predictor("true").PredictAsync(Model, Prompts));
        Assert.Contains("did not write {out}", silent.Message);
    }

    [TestMethod]
    public void A_command_without_model_is_refused() => Assert.Contains("lacks {model}", Throws(ErrorCode.Configuration,
        () => _ = new CommandPredictor(new() { Command = ["p", "{data}", "{out}"], Folder = Kept })).Message);
}
