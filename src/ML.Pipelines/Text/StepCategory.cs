namespace ML.Pipelines.Text;

/// <summary>What a step of a chain of thought is for (LIMOPro, arXiv 2505.19187, section 2.2 and Table 4).</summary>
public enum StepCategory
{
    /// <summary>Forward deduction, the backbone of the solution; never pruned.</summary>
    Progressive = 0,

    /// <summary>Re-checking an earlier calculation.</summary>
    Verification = 1,

    /// <summary>Confirming by another method or view.</summary>
    MultiMethodValidation = 2,

    /// <summary>Spotting and fixing a mistake.</summary>
    ErrorCorrection = 3,
}
