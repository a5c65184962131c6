package io.freshet.model;

/** What a model's training minimises. It is a property of the graph: a version keeps its own. */
public enum Loss {

    /** Cross-entropy of a softmax over candidates, corrected for how they were drawn. */
    SAMPLED_SOFTMAX,

    /** Binary cross-entropy: the target against another item, each judged alone. */
    BINARY_CROSS_ENTROPY,

    /** Mean squared error of the predicted rating of the target. */
    MEAN_SQUARED_ERROR
}
