package io.freshet.recommend;

/**
 * What is stored of one instance's fusion weights; a plain POJO, so that fields can come and go.
 */
public class FusionState {

    /** Weights, [1 + segments, width] row-major. */
    public float[] weights = new float[0];

    /** Adagrad's sums of squared slopes, of the same shape. */
    public float[] squares = new float[0];

    /** Name of each feature, [width]; empty in state from before features had names. */
    public String[] features = new String[0];
}
