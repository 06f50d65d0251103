namespace Microsoft.ML.Data;

/// <summary>The selections of rows: the first, all but the first, those in a range, those of a predicate, a random part.</summary>
internal static class RowSelections
{
    internal static IDataView Take(IDataView source, long count)
        => new PassThroughDataView(source, () => source.GetRowCount() is { } n ? Math.Min(n, count) : null, [],
            cursor =>
            {
                var left = count;
                return () => left-- > 0 && cursor.MoveNext();
            });

    internal static IDataView Skip(IDataView source, long count)
        => new PassThroughDataView(source, () => source.GetRowCount() is { } n ? Math.Max(0, n - count) : null, [],
            cursor =>
            {
                var left = count;
                return () =>
                {
                    while (left > 0 && cursor.MoveNext()) left--;
                    return left == 0 && cursor.MoveNext();
                };
            });

    internal static IDataView InRange(IDataView source, DataViewSchema.Column column, double lower, double upper)
        => new PassThroughDataView(source, () => null, [column], cursor => While(cursor, column.Type == NumberDataViewType.Single
            ? Ranged<float>(cursor, column, value => value >= lower && value < upper)
            : Ranged<double>(cursor, column, value => value >= lower && value < upper)));

    /// <summary>Keeps the rows for which the predicate is false: it says what to filter out.</summary>
    internal static IDataView Except<TRow>(IDataView source, Func<TRow, bool> predicate)
        where TRow : class, new()
    {
        var filler = new RowFiller<TRow>(source.Schema);
        return new PassThroughDataView(source, () => null, filler.Columns, cursor =>
        {
            var (row, fill) = (new TRow(), filler.Open(cursor));
            return While(cursor, () =>
            {
                fill(row);
                return !predicate(row);
            });
        });
    }

    /// <summary>A part of the rows, the same for the same seed; its complement is the other part.</summary>
    internal static IDataView Part(IDataView source, double fraction, int seed, bool complement)
        => new PassThroughDataView(source, () => null, [], cursor =>
        {
            ulong row = 0;
            return While(cursor, () => (Uniform((ulong)(uint)seed, row++) < fraction) != complement);
        });

    private static Func<bool> While(DataViewRowCursor cursor, Func<bool> isKept) => () =>
    {
        while (cursor.MoveNext())
            if (isKept()) return true;
        return false;
    };

    private static Func<bool> Ranged<T>(DataViewRow row, DataViewSchema.Column column, Func<T, bool> isIn)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return isIn(value);
        };
    }

    private static double Uniform(ulong seed, ulong row)
        => new DataViewRowId(row, seed).Fork().Combine(new DataViewRowId(seed, row)).Low / (double)ulong.MaxValue;
}
