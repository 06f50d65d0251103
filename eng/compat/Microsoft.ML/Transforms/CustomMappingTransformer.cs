using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;
    private readonly SchemaDefinition _inputDefinition;

    internal CustomMappingTransformer(
        IHostEnvironment env,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
    {
        Check.NotNull(env, nameof(env));
        (_mapAction, _contractName) = (Check.NotNull(mapAction, nameof(mapAction)), contractName);
        _inputDefinition = inputSchemaDefinition ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);
        Inputs = MemberBinding.All(typeof(TSrc), _inputDefinition);
        Outputs = MemberBinding.All(typeof(TDst),
            outputSchemaDefinition ?? SchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Read));
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal MemberBinding[] Inputs { get; }

    internal MemberBinding[] Outputs { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => new Mapper(this, Check.NotNull(inputSchema, nameof(inputSchema))).OutputSchema;

    public IDataView Transform(IDataView input) => new MappedDataView(Check.NotNull(input, nameof(input)), new Mapper(this, input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new Mapper(this, Check.NotNull(inputSchema, nameof(inputSchema)));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Check.State(!string.IsNullOrEmpty(_contractName), "Empty contract name for a transform: the transform cannot be saved");
        throw ModelOperationsCatalog.CannotSave();
    }

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema input)
        : RowMapper(input, Append(input, parent.Outputs.Select((output, i) => (output.Column, ~i))))
    {
        private readonly RowFiller<TSrc> _filler = new(input, parent._inputDefinition);

        internal override ComputedColumns Open(DataViewRow row) => new Mapping(row, _filler.Open(row), parent);

        private protected override IEnumerable<int> ComputedFrom() => _filler.Columns.Select(c => c.Index);
    }

    /// <summary>Calls the action at most once a row.</summary>
    private sealed class Mapping(DataViewRow row, Action<TSrc> fill, CustomMappingTransformer<TSrc, TDst> parent) : ComputedColumns
    {
        private readonly TSrc _source = new();
        private readonly TDst _destination = new();
        private long _mapped = -1;

        internal override Delegate GetGetter(int computed)
        {
            var output = parent.Outputs[computed];
            return output.CreateGetter(Mapped, output.Column.Type);
        }

        internal override void Compute()
        {
            if (row.Position >= 0 && row.Position == _mapped) return;
            fill(_source);
            parent._mapAction(_source, _destination);
            _mapped = row.Position;
        }

        private TDst Mapped()
        {
            Compute();
            return _destination;
        }
    }
}
