using Apache.Arrow.Types;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>Timestamps count from 1970-01-01: microseconds when written, any unit when read.</summary>
internal static class Timestamps
{
    public static TimestampType WithoutZone { get; } = new(TimeUnit.Microsecond, (string?)null);

    public static TimestampType Utc { get; } = new(TimeUnit.Microsecond, "UTC");

    public static bool HasZone(TimestampType type) => !string.IsNullOrEmpty(type.Timezone);

    /// <summary>The count of a point in time; what is finer than the unit is cut off towards the past.</summary>
    public static long FromTicks(long ticks, IArrowType type)
    {
        var sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        return ((TimestampType)type).Unit == TimeUnit.Nanosecond
            ? checked(sinceEpoch * TimeSpan.NanosecondsPerTick)
            : FloorDivide(sinceEpoch, TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>The ticks of a count.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TypeMismatch"/>: before the year 1 or after 9999.</exception>
    public static long ToTicks(long count, IArrowType type)
    {
        var unit = ((TimestampType)type).Unit;
        var ticks = (Int128)DateTime.UnixEpoch.Ticks + unit switch
        {
            TimeUnit.Nanosecond => FloorDivide(count, TimeSpan.NanosecondsPerTick),
            TimeUnit.Microsecond => (Int128)count * TimeSpan.TicksPerMicrosecond,
            TimeUnit.Millisecond => (Int128)count * TimeSpan.TicksPerMillisecond,
            _ => (Int128)count * TimeSpan.TicksPerSecond,
        };
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? (long)ticks
            : throw new PipelineException(ErrorCode.TypeMismatch,
                $"A timestamp of {count} ({unit}s since 1970) lies outside the years 1 to 9999. Leave the column out or repair the file.");
    }

    private static long FloorDivide(long value, long divisor) => value / divisor - (value % divisor < 0 ? 1 : 0);
}
