using Microsoft.ML.Data;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class VBufferTests
{
    private static readonly VBuffer<float> Sparse = new(5, 2, [1, 2], [1, 4]);

    [TestMethod]
    public void A_sparse_buffer_has_defaults_between_its_values()
    {
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 2 }, Sparse.DenseValues().ToArray());
        Assert.AreEqual(2f, Sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, Sparse.GetItemOrDefault(3));
        Assert.AreEqual("Sparse vector of size 5, 2 explicit values", Sparse.ToString());
        Assert.AreEqual("Dense vector of size 0", default(VBuffer<float>).ToString());
    }

    [TestMethod]
    public void Copies_are_independent()
    {
        float[] values = [1, 2, 3];
        VBuffer<float> copy = default;

        new VBuffer<float>(3, values).CopyTo(ref copy);
        values[0] = 9;

        Assert.AreEqual(1f, copy.GetItemOrDefault(0));
    }

    [TestMethod]
    public void An_editor_fills_a_buffer()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 4);
        editor.Values[2] = 3;
        Assert.IsTrue(editor.CreatedNewValues);

        buffer = editor.Commit();

        Assert.IsTrue(buffer.IsDense);
        CollectionAssert.AreEqual(new float[] { 0, 0, 3, 0 }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    public void A_truncated_sparse_edit_keeps_the_first_values()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 4, valuesCount: 2);
        (editor.Values[0], editor.Indices[0]) = (3, 1);

        buffer = editor.CommitTruncated(1);

        CollectionAssert.AreEqual(new float[] { 0, 3, 0, 0 }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    public void Lengths_are_checked()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = new VBuffer<float>(3, [1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ = new VBuffer<float>(3, 2, [1, 2], null));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[4]));
    }
}
