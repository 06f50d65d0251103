using Microsoft.ML.Runtime;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public void Messages_of_a_channel_reach_the_log_with_source_and_kind()
    {
        var context = new MLContext(seed: 1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add($"{e.Kind} {e.RawMessage} {e.Message}");
        using (var channel = ((IHostEnvironment)context).Start("Stage"))
        {
            channel.Info(MessageSensitivity.None, "rows {0}", 3);
            channel.Warning(MessageSensitivity.UserData, "braces {x}");
            channel.Error(MessageSensitivity.Schema, "bad");
        }

        CollectionAssert.AreEqual(
            new[]
            {
                "Trace Channel started [Source=Stage, Kind=Trace] Channel started",
                "Info rows 3 [Source=Stage, Kind=Info] rows 3",
                "Warning braces {x} [Source=Stage, Kind=Warning] braces {x}",
                "Error bad [Source=Stage, Kind=Error] bad",
            },
            log.Take(4).ToArray());
        Assert.EndsWith("Channel disposed", log[^1]);
    }

    [TestMethod]
    public void A_hosts_channels_are_named_after_both()
    {
        var context = new MLContext(seed: 1);
        var sources = new HashSet<string>();
        context.Log += (_, e) => sources.Add(e.Source);
        var host = ((IHostEnvironment)context).Register("Host");

        host.Start("Channel").Dispose();

        Assert.AreEqual("Host; Channel", sources.Single());
    }

    [TestMethod]
    public void Hosts_of_equally_seeded_contexts_draw_the_same_numbers()
    {
        static int Draw(int seed) => ((IHostEnvironment)new MLContext(seed)).Register("Host").Rand.Next();

        Assert.AreEqual(Draw(5), Draw(5));
        Assert.AreNotEqual(Draw(5), Draw(6));
    }
}
