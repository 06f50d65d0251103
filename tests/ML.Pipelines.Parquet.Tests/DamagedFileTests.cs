using Microsoft.ML;

namespace ML.Pipelines.Parquet.Tests;

[TestClass]
public sealed class DamagedFileTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_file_cut_off_anywhere_is_damaged(string engine)
    {
        using var folder = new TestFolder();
        var whole = Write(folder, engine);
        var shares = Enumerable.Range(1, 60).Select(i => whole.Length * i / 61);
        foreach (var length in Enumerable.Range(0, 30).Concat(shares).Append(whole.Length - 1))
            AssertDamaged(folder, engine, whole[..length]);
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void Files_of_other_formats_are_damaged(string engine)
    {
        using var folder = new TestFolder();
        AssertDamaged(folder, engine, "{\"id\": 1, \"text\": \"not Parquet\"}\n"u8.ToArray());
        AssertDamaged(folder, engine, "PAR1"u8.ToArray());
        AssertDamaged(folder, engine, "PAR1PAR1"u8.ToArray());
        AssertDamaged(folder, engine, "PAR1\0\0\0\0PAR1"u8.ToArray());
        AssertDamaged(folder, engine, [.. "PAR1"u8, .. new byte[100], 100, 0, 0, 0, .. "PAR1"u8]);
        AssertDamaged(folder, engine, [.. "PAR1"u8, .. new byte[100], 255, 255, 255, 255, .. "PAR1"u8]);
        AssertDamaged(folder, engine, [.. "PARE"u8, .. new byte[100], .. "PARE"u8]);
    }

    // A byte within a text may go unnoticed: Parquet need not have checksums.
    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_changed_byte_never_gives_a_librarys_exception(string engine)
    {
        using var folder = new TestFolder();
        var whole = Write(folder, engine);
        var random = new Random(5);
        for (var i = 0; i < 400; i++)
        {
            var damaged = whole.ToArray();
            damaged[i < 200 ? random.Next(damaged.Length) : damaged.Length - 1 - random.Next(1500)] ^= (byte)random.Next(1, 256);
            try
            {
                Read(folder, engine, damaged);
            }
            catch (PipelineException exception)
            {
                StringAssert.Contains(exception.Message, folder["damaged.parquet"]);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Engines.Each), typeof(Engines))]
    public void A_missing_file_is_not_found(string engine)
    {
        using var folder = new TestFolder();
        var named = ParquetEngines.Named(engine);
        Assert.AreEqual(ErrorCode.FileNotFound, Assert.ThrowsExactly<PipelineException>(() => named.OpenRead(folder["no.parquet"])).Code);
        Assert.AreEqual(ErrorCode.FileNotFound, Assert.ThrowsExactly<PipelineException>(() => named.OpenRead(folder.Path)).Code);
        Assert.AreEqual(ErrorCode.FileNotFound,
            Assert.ThrowsExactly<PipelineException>(() => _ml.Data.LoadFromParquet(folder["*.parquet"], new() { Engine = named })).Code);
    }

    private byte[] Write(TestFolder folder, string engine)
    {
        _ml.Data.SaveAsParquet(Samples.Everything(seed: 6, rows: 60).View, folder["whole.parquet"],
            new() { Engine = ParquetEngines.Named(engine) });
        return File.ReadAllBytes(folder["whole.parquet"]);
    }

    private void AssertDamaged(TestFolder folder, string engine, byte[] bytes)
    {
        var error = Assert.ThrowsExactly<PipelineException>(() => Read(folder, engine, bytes), $"{bytes.Length} bytes");
        Assert.AreEqual(ErrorCode.DamagedFile, error.Code);
        StringAssert.Contains(error.Message, folder["damaged.parquet"]);
    }

    private void Read(TestFolder folder, string engine, byte[] bytes)
    {
        File.WriteAllBytes(folder["damaged.parquet"], bytes);
        _ = Table.Of(_ml.Data.LoadFromParquet(folder["damaged.parquet"], new() { Engine = ParquetEngines.Named(engine) }));
    }
}
