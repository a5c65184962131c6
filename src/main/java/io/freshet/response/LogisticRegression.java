package io.freshet.response;

import java.util.Arrays;
import java.util.List;

/**
 * Logistic regression that learns from one example at a time, each weight at a rate of its own:
 * AdaGrad (Duchi, Hazan, Singer, JMLR 2011).
 */
final class LogisticRegression {

    private static final double RATE = 0.05;

    private final String[] features;
    private final double[] weights;
    private final double[] squares;

    /**
     * @param features name of each feature, [width]
     * @param initial weights to begin with, [width]
     */
    LogisticRegression(List<String> features, double... initial) {
        this.features = features.toArray(String[]::new);
        this.weights = initial.clone();
        this.squares = new double[initial.length];
    }

    /**
     * Probability of the label.
     *
     * @param x features, [width]
     */
    double predict(float[] x) {
        double sum = 0;
        for (int f = 0; f < weights.length; f++) {
            sum += weights[f] * x[f];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /**
     * Learns from an example.
     *
     * @param x features, [width]
     */
    void learn(float[] x, boolean label) {
        double error = (label ? 1 : 0) - predict(x);
        for (int f = 0; f < weights.length; f++) {
            double slope = error * x[f];
            squares[f] += slope * slope;
            weights[f] += RATE * slope / Math.sqrt(squares[f] + 1);
        }
    }

    /** Differs between lists of features. */
    int layout() {
        return Arrays.hashCode(features);
    }

    /** What must be stored. */
    ResponseModelState.Regression store() {
        ResponseModelState.Regression state = new ResponseModelState.Regression();
        state.features = features.clone();
        state.weights = weights.clone();
        state.squares = squares.clone();
        return state;
    }

    /** Takes what was stored of each feature; one that is new begins anew. */
    void restore(ResponseModelState.Regression state) {
        List<String> stored = List.of(state.features);
        for (int f = 0; f < features.length; f++) {
            int there = stored.indexOf(features[f]);
            if (there >= 0) {
                weights[f] = state.weights[there];
                squares[f] = state.squares[there];
            }
        }
    }
}
