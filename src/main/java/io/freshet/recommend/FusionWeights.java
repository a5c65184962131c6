package io.freshet.recommend;

import java.util.Arrays;
import java.util.List;

/**
 * A log-linear model over the candidates of a request, P(c) = softmax over c of w·x(c), learned
 * online from what users chose: the gradient of log P(label) is x(label) - E[x], followed by
 * Adagrad (Duchi, Hazan, Singer, JMLR 2011), so that rare and strong features alike find their own
 * pace.
 *
 * <p>A request's <em>segment</em> (such as how long the history is) has weights of its own that are
 * added to the common ones and start at 0.
 */
final class FusionWeights {

    private static final float CLIP = 5;
    private static final float EPSILON = 1;

    private final String[] features;
    private final int width;
    private final float rate;

    /** [1 + segments, width]; row 0 is common. */
    private final float[] weights;

    private final float[] squares;
    private final float[] effective;
    private final double[] gradient;
    private double[] probabilities = new double[0];

    /**
     * @param features name of each feature, [width]
     * @param initial common weights to start with, [width]
     * @param segments how many segments there are
     * @param rate learning rate
     */
    FusionWeights(String[] features, float[] initial, int segments, float rate) {
        this.features = features;
        this.width = initial.length;
        this.rate = rate;
        weights = Arrays.copyOf(initial, (1 + segments) * width);
        squares = new float[weights.length];
        Arrays.fill(squares, EPSILON);
        effective = new float[width];
        gradient = new double[width];
    }

    /** What must be stored. */
    FusionState store() {
        FusionState state = new FusionState();
        state.weights = weights.clone();
        state.squares = squares.clone();
        state.features = features.clone();
        return state;
    }

    /**
     * Takes the average of what instances have learned of each feature. A feature that they did not
     * have, such as a new half-life, starts anew; what they learned of one that is gone is dropped.
     */
    void restore(List<FusionState> states) {
        for (int f = 0; f < width; f++) {
            String name = features[f];
            List<FusionState> knowing = states.stream().filter(state -> has(state, name)).toList();
            for (int row = 0; row * width < weights.length && !knowing.isEmpty(); row++) {
                double weight = 0;
                double square = 0;
                for (FusionState state : knowing) {
                    int at = row * state.features.length + position(state, name);
                    weight += state.weights[at];
                    square += state.squares[at];
                }
                weights[row * width + f] = (float) (weight / knowing.size());
                squares[row * width + f] = (float) (square / knowing.size());
            }
        }
    }

    private boolean has(FusionState state, String feature) {
        int rows = weights.length / width;
        return position(state, feature) >= 0
                && state.weights.length == rows * state.features.length;
    }

    private static int position(FusionState state, String feature) {
        return Arrays.asList(state.features).indexOf(feature);
    }

    /** The weights that count for a segment, [width]; valid until the next call. */
    float[] of(int segment) {
        for (int f = 0; f < width; f++) {
            effective[f] = weights[f] + weights[(1 + segment) * width + f];
        }
        return effective;
    }

    /**
     * One step towards the label.
     *
     * @param features row-major, [size, width]
     * @param label position of what was chosen
     */
    void learn(float[] features, int size, int segment, int label) {
        expectations(features, size, of(segment));
        for (int f = 0; f < width; f++) {
            double slope = features[label * width + f] - gradient[f];
            float step = (float) Math.max(-CLIP, Math.min(CLIP, slope));
            climb(f, step);
            climb((1 + segment) * width + f, step);
        }
    }

    private void climb(int index, float slope) {
        squares[index] += slope * slope;
        weights[index] += rate * slope / (float) Math.sqrt(squares[index]);
    }

    /** Leaves the mean of each feature under the present weights in {@link #gradient}. */
    private void expectations(float[] features, int size, float[] w) {
        if (probabilities.length < size) {
            probabilities = new double[2 * size];
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < size; c++) {
            probabilities[c] = dot(features, c, w);
            best = Math.max(best, probabilities[c]);
        }
        double sum = 0;
        Arrays.fill(gradient, 0);
        for (int c = 0; c < size; c++) {
            double p = Math.exp(probabilities[c] - best);
            sum += p;
            for (int f = 0; f < width; f++) {
                gradient[f] += p * features[c * width + f];
            }
        }
        for (int f = 0; f < width; f++) {
            gradient[f] /= sum;
        }
    }

    /** Score of one candidate. */
    static double dot(float[] features, int candidate, float[] w) {
        double sum = 0;
        for (int f = 0; f < w.length; f++) {
            sum += w[f] * features[candidate * w.length + f];
        }
        return sum;
    }
}
