using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Compression;

/// <summary>Options of <c>CompressChainOfThought</c> by self-information.</summary>
public sealed record ChainCompressionOptions : ShorteningOptions
{
    /// <summary>The shares of words to take out, at least one, each above 0 and below 1.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>Whether each rate makes a row, or all are columns <c>short_50</c> (in percent) of one.</summary>
    public RateLayout Layout { get; init; }

    /// <summary>How the words that go are chosen.</summary>
    public WordChoiceOptions Words { get; init; } = new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Words.Validate();
        if (Rates.Count == 0) throw Invalid("self-information needs rates; none are given");
        if (CompressionRates.Fault(Rates, Layout) is { } fault) throw Invalid(fault);
        if (!CompressionRates.Fits(Layout, Fallback)) throw Invalid($"fallback: {CompressionRates.FallbackFault}");
    }
}
