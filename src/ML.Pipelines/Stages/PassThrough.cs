using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>A column that rides along: its value is taken out of the upstream cursor, which moves on while a batch is in flight.</summary>
internal abstract class PassThrough
{
    public static PassThrough Create(DataViewRow row, DataViewSchema.Column column)
    {
        var raw = column.Type.RawType;
        var buffer = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(Vector<>).MakeGenericType(raw.GenericTypeArguments)
            : typeof(Scalar<>).MakeGenericType(raw);
        return (PassThrough)Activator.CreateInstance(buffer, row, column)!;
    }

    /// <summary>Copies the current value into a box of its own; reuses the given one.</summary>
    public abstract object Take(object? box);

    /// <summary>A <c>ValueGetter</c> of the column's raw type over the current row's box.</summary>
    public abstract Delegate Getter(Func<object> current);

    private sealed class Box<T>
    {
        public T Value = default!;
    }

    private sealed class Scalar<T>(DataViewRow row, DataViewSchema.Column column) : PassThrough
    {
        private readonly ValueGetter<T> _get = row.GetGetter<T>(column);

        public override object Take(object? box)
        {
            var target = (Box<T>?)box ?? new Box<T>();
            _get(ref target.Value);
            return target;
        }

        public override Delegate Getter(Func<object> current) =>
            (ValueGetter<T>)((ref T value) => value = ((Box<T>)current()).Value);
    }

    // A vector's buffers belong to whoever passes them to the getter, so both sides copy.
    private sealed class Vector<T>(DataViewRow row, DataViewSchema.Column column) : PassThrough
    {
        private readonly ValueGetter<VBuffer<T>> _get = row.GetGetter<VBuffer<T>>(column);

        public override object Take(object? box)
        {
            var target = (Box<VBuffer<T>>?)box ?? new Box<VBuffer<T>>();
            _get(ref target.Value);
            return target;
        }

        public override Delegate Getter(Func<object> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => ((Box<VBuffer<T>>)current()).Value.CopyTo(ref value));
    }
}
