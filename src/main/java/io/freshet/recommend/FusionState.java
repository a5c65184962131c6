package io.freshet.recommend;

/**
 * What is stored of one instance's fusion weights; a plain POJO, so that fields can come and go.
 */
public class FusionState {

    /** Name of each feature, [width]; empty in state from before features had names. */
    public String[] features = new String[0];

    /** Mean weights, [1 + segments, width] row-major. */
    public double[] means = new double[0];

    /** Information matrices, [1 + segments, width, width] row-major. */
    public double[] information = new double[0];
}
