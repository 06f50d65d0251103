namespace ML.Pipelines.Teachers.Policies;

/// <summary>An amount a minute, spread evenly; who takes more than there is waits until it has come in. Not safe for concurrent
/// calls.</summary>
internal sealed class TokenBucket
{
    private const double SecondsPerMinute = 60;

    private readonly double _perSecond, _capacity;
    private readonly TimeProvider _time;
    private double _level;
    private long _last;

    /// <param name="perMinute">What comes in a minute.</param>
    /// <param name="time">The clock.</param>
    public TokenBucket(double perMinute, TimeProvider time)
    {
        // A second's worth at once: a server that counts by the minute or by the second is content with it.
        (_perSecond, _time) = (perMinute / SecondsPerMinute, time);
        _level = _capacity = Math.Max(1, _perSecond);
        _last = time.GetTimestamp();
    }

    /// <summary>Takes an amount, or with a negative one gives back.</summary>
    /// <returns>How long to wait before using it.</returns>
    public TimeSpan Take(double amount)
    {
        var now = _time.GetTimestamp();
        _level = Math.Min(_capacity, _level + _time.GetElapsedTime(_last, now).TotalSeconds * _perSecond);
        _last = now;
        _level = Math.Min(_capacity, _level - amount);
        return _level >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_level / _perSecond);
    }
}
