using ML.Pipelines.Teachers;
using ML.Pipelines.Tests.Teachers;
using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

[TestClass]
public sealed class ChatClientPredictorTests
{
    [TestMethod]
    public async Task Each_prompt_is_a_greedy_call_and_what_cannot_be_used_is_no_text()
    {
        var client = new ScriptedChatClient(messages => messages.Single().Text switch
        {
            "long" => ScriptedChatClient.Reply("cut of", "length"),
            "blank" => ScriptedChatClient.Reply(" "),
            var text => ScriptedChatClient.Reply("re: " + text),
        });
        var opened = new List<string>();
        var predictor = new ChatClientPredictor(model =>
        {
            opened.Add(model);
            return new Teacher(client, TeacherInfo.Remote("m"));
        })
        { MaxOutputTokens = 9 };
        var texts = await predictor.PredictAsync("folder", [new("1", "a"), new("2", "long"), new("3", "blank"), new("4", "b")]);
        Assert.AreSequenceEqual(["re: a", null, null, "re: b"], texts);
        Assert.AreSequenceEqual(["folder"], opened);
        Assert.AreEqual((0f, 9), (client.LastOptions!.Temperature, client.LastOptions.MaxOutputTokens));
        Assert.IsTrue(client.IsDisposed);
    }
}
