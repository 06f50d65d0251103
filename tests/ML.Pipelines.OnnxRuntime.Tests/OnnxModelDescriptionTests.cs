using System.Security.Cryptography;
using ML.Pipelines.OnnxRuntime.Tests.Graphs;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests;

[TestClass]
public sealed class OnnxModelDescriptionTests
{
    [TestMethod]
    public void The_bundled_model_is_described_with_the_hash_of_every_file()
    {
        var description = OnnxModelDescription.Read(OnnxModel.Bundled);
        Assert.HasCount(5, description.Files);
        foreach (var file in description.Files)
        {
            var bytes = OnnxModel.Bundled.Read(file.Name)!;
            Assert.AreEqual(new OnnxModelFile(file.Name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), file);
        }
        Assert.AreEqual(5, description.Layers);
        Assert.AreEqual(4, description.Heads);
    }

    [TestMethod]
    public void Parameters_are_the_numbers_of_all_weights()
    {
        using var folder = new ModelFolder();
        var before = OnnxModelDescription.Read(OnnxModel.FromFolder(folder.Folder)).Parameters;
        folder.EditGraph(graph => graph.AddInt64Weight("more", 1, 2, 3));
        Assert.AreEqual(before + 3, OnnxModelDescription.Read(OnnxModel.FromFolder(folder.Folder)).Parameters);
        Assert.AreEqual(OnnxModelDescription.Read(OnnxModel.Bundled).Parameters, before);
    }

    [TestMethod]
    public void Weights_in_a_file_of_their_own_are_described_too()
    {
        using var folder = new ModelFolder();
        var (model, weight) = ExternalWeight.Move(OnnxModel.Bundled.Read("onnx/model.onnx")!, "embedding", "weights.bin");
        File.WriteAllBytes(folder.PathOf("onnx/model.onnx"), model);
        var missing = Assert.ThrowsExactly<PipelineException>(() => OnnxModelDescription.Read(OnnxModel.FromFolder(folder.Folder)));
        Assert.AreEqual(ErrorCode.DamagedModel, missing.Code);
        File.WriteAllBytes(folder.PathOf("onnx/weights.bin"), weight);
        var description = OnnxModelDescription.Read(OnnxModel.FromFolder(folder.Folder));
        Assert.AreEqual(("weights.bin", (long)weight.Length), (description.Files[1].Name, description.Files[1].Bytes));
        Assert.AreEqual(OnnxModelDescription.Read(OnnxModel.Bundled).Parameters, description.Parameters);
    }

    [TestMethod]
    public void A_folder_without_a_configuration_is_described_without_its_numbers()
    {
        using var folder = new ModelFolder();
        File.Delete(folder.PathOf("config.json"));
        var description = OnnxModelDescription.Read(OnnxModel.FromFolder(folder.Folder));
        Assert.IsNull(description.Layers);
        Assert.HasCount(3, description.Files);
    }

    [TestMethod]
    public void The_bundled_card_is_there() => StringAssert.StartsWith(OnnxModel.BundledCard, "# ");
}
