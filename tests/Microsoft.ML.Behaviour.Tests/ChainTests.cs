using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class ChainTests
{
    private static TransformsCatalog Transforms => Context.Transforms;

    [TestMethod]
    public void Fitting_shapes_all_estimators_before_it_fits_the_first()
    {
        var log = new List<string>();

        new EstimatorChain<ITransformer>().Append(new Noisy("1", log)).Append(new Noisy("2", log)).Fit(Rows);

        Assert.AreEqual("shape1 shape2 fit1 fit2", string.Join(' ', log));
    }

    [TestMethod]
    public void A_chain_of_estimators_fits_to_a_chain_of_transformers()
    {
        var estimator = Transforms.CopyColumns("D", "B").Append(Transforms.CopyColumns("E", "A"));
        var chain = estimator.Fit(Rows);

        Assert.HasCount(2, chain);
        Assert.IsNotNull(chain.LastTransformer);
        Assert.IsNotNull(estimator.LastEstimator);
        Assert.AreEqual("A:Single, B:String, C:Int32, D:String, E:Single", Describe(chain.GetOutputSchema(Rows.Schema)));
        Assert.AreEqual("A:Single, B:String, C:Int32, D:String, E:Single", Describe(chain.Transform(Rows).Schema));
    }

    [TestMethod]
    public void An_empty_chain_changes_nothing()
        => Assert.AreSame(Rows, new EstimatorChain<ITransformer>().Fit(Rows).Transform(Rows));

    [TestMethod]
    public void Scopes_leave_transformers_out()
    {
        var chain = Transforms.CopyColumns("D", "B").Append(Transforms.CopyColumns("E", "A"), TransformerScope.Training).Fit(Rows);

        Assert.HasCount(1, chain.GetModelFor(TransformerScope.Scoring));
        Assert.AreEqual("A:Single, B:String, C:Int32, D:String", Describe(chain.Transform(Rows, TransformerScope.Scoring).Schema));
    }

    [TestMethod]
    public void A_chain_needs_as_many_scopes_as_transformers_and_a_last_one_of_its_type()
    {
        ITransformer copy = Transforms.CopyColumns("D", "B").Fit(Rows);

        Assert.ThrowsExactly<InvalidOperationException>(
            () => _ = new TransformerChain<ITransformer>([copy], Array.Empty<TransformerScope>()));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = new TransformerChain<NotAMapper>(copy));
        Assert.ThrowsExactly<ArgumentNullException>(() => Transforms.CopyColumns("D", "A").Append<ITransformer>(null));
    }

    [TestMethod]
    public void A_cache_checkpoint_saves_reading_the_source_again()
    {
        var reads = 0;
        IEnumerable<Row> Source()
        {
            reads++;
            yield return new Row { A = 1 };
        }

        var data = Context.Data.LoadFromEnumerable(Source());
        Transforms.CopyColumns("D", "A").AppendCacheCheckpoint(Context).Append(new Reader()).Append(new Reader()).Fit(data);
        Assert.AreEqual(1, reads);
        Transforms.CopyColumns("D", "A").Append(new Reader()).Append(new Reader()).Fit(data);
        Assert.AreEqual(3, reads);
    }

    [TestMethod]
    public void A_chain_with_a_transformer_that_maps_no_rows_has_no_row_mapper()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new NotAMapper());

        Assert.IsFalse(chain.IsRowToRowMapper);
        Assert.ThrowsExactly<InvalidOperationException>(() => chain.GetRowToRowMapper(Rows.Schema));
    }

    [TestMethod]
    public void A_chain_disposes_its_transformers_once()
    {
        var transformer = new NotAMapper();
        var chain = new TransformerChain<ITransformer>(transformer);

        chain.Dispose();
        chain.Dispose();

        Assert.AreEqual(1, transformer.Disposals);
    }

    [TestMethod]
    public void What_a_transformer_throws_on_saving_is_what_saving_throws()
    {
        using var stream = new MemoryStream();

        Throws<NotSupportedException>("not saved", () => Context.Model.Save(new NotAMapper(), Rows.Schema, stream));
        Throws<NotSupportedException>("not saved",
            () => Context.Model.Save(new TransformerChain<ITransformer>(new NotAMapper()), Rows.Schema, stream));
    }

    [TestMethod]
    public void A_delegate_is_shown_the_fitted_transformer()
    {
        ITransformer? seen = null;

        var fitted = Transforms.CopyColumns("D", "A").WithOnFitDelegate(t => seen = t).Fit(Rows);

        Assert.AreSame(fitted, seen);
    }

    private sealed class Noisy(string name, List<string> log) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            log.Add("fit" + name);
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            log.Add("shape" + name);
            return inputSchema;
        }
    }

    private sealed class Reader : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            Assert.HasCount(1, input.GetColumn<float>("A"));
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class NotAMapper : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException("no mapper");

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException("not saved");

        public void Dispose() => Disposals++;
    }
}
