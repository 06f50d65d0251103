namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>Waits for calls over a <see cref="SynchronousFileStream"/>, which are complete when they return.</summary>
internal static class Blocking
{
    public static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    public static void Wait(Task task) => task.GetAwaiter().GetResult();

    public static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
