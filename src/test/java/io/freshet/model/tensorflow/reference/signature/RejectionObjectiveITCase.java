package io.freshet.model.tensorflow.reference.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.tensorflow.TensorFlowNatives;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The loss of rejected items: two states of width 2, candidates 3, 5 and 0, rejected 5 and 7. */
class RejectionObjectiveITCase {

    private static final int[] CANDIDATES = {3, 5, 0};
    private static final float[] LOG_Q = {-0.5f, 0, 0};
    private static final int[] REJECTED = {5, 7};
    private static final float SHARE = 0.25f;

    /** States [2, 2], candidates' vectors [3, 2] and biases [3], rejected [2, 2] and [2]. */
    private static final float[] VALUES = {
        0.5f, -1, 1.5f, 0.2f, 0.3f, 0.7f, -0.4f, 0.9f, 2, 2, 0.1f, -0.2f, 0.3f, -0.4f, 0.9f, 0.8f,
        0.6f, -0.2f, 0.4f
    };

    @BeforeAll
    static void load() {
        TensorFlowNatives.load();
    }

    @Test
    void isMinusLogOfTheProbabilityOfAllButTheRejectedItem() {
        double expected = 0;
        for (int n = 0; n < REJECTED.length; n++) {
            double others = 0;
            for (int c = 0; c < CANDIDATES.length; c++) {
                boolean counts = CANDIDATES[c] != 0 && CANDIDATES[c] != REJECTED[n];
                others += counts ? Math.exp(product(n, 4 + 2 * c) + VALUES[10 + c] - LOG_Q[c]) : 0;
            }
            double own = Math.exp(product(n, 13 + 2 * n) + VALUES[17 + n]);
            expected -= SHARE * Math.log(1 - own / (own + others));
        }

        assertThat(value(VALUES)).isCloseTo((float) expected, within(1e-5f));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        float step = 1e-2f;
        float[] gradient = gradient(VALUES);

        assertThat(gradient).hasSameSizeAs(VALUES);
        for (int i = 0; i < VALUES.length; i++) {
            float[] more = VALUES.clone();
            float[] less = VALUES.clone();
            more[i] += step;
            less[i] -= step;
            assertThat(gradient[i])
                    .as("by value %d", i)
                    .isCloseTo((value(more) - value(less)) / (2 * step), within(1e-3f));
        }
        assertThat(gradient[17]).as("a rejected item's bias falls").isPositive();
        assertThat(gradient[10]).as("another candidate's rises").isNegative();
        assertThat(gradient[12]).as("padding does not").isZero();
    }

    @Test
    void ofNothingItIsNothing() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> none = tf.zeros(tf.constant(new int[] {0, 2}), TFloat32.class);
            Operand<TFloat32> noBias = tf.zeros(tf.constant(new int[] {0}), TFloat32.class);
            Candidates candidates =
                    candidates(tf, part(tf, VALUES, 4, 3, 2), part(tf, VALUES, 10, 3));
            Candidates nothing =
                    new Candidates(tf.constant(new int[0]), tf.constant(0f), none, noBias);

            Objective objective =
                    Objective.rejections(tf, none, candidates, nothing, tf.constant(SHARE));

            assertThat(fetch(session, objective.value())).containsExactly(0);
        }
    }

    private static double product(int state, int vector) {
        return VALUES[2 * state] * VALUES[vector] + VALUES[2 * state + 1] * VALUES[vector + 1];
    }

    private static float value(float[] values) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            return fetch(session, objective(tf, parts(tf, values)).value())[0];
        }
    }

    /** By all values, in their order. */
    private static float[] gradient(float[] values) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            List<Operand<TFloat32>> parts = parts(tf, values);
            Operand<TFloat32> value = objective(tf, parts).value();
            float[] all = new float[values.length];
            int filled = 0;
            for (int i = 0; i < parts.size(); i++) {
                float[] some =
                        fetch(session, tf.gradients(value, List.of(parts.get(i))).<TFloat32>dy(0));
                System.arraycopy(some, 0, all, filled, some.length);
                filled += some.length;
            }
            return all;
        }
    }

    private static List<Operand<TFloat32>> parts(Ops tf, float[] values) {
        return List.of(
                part(tf, values, 0, 2, 2),
                part(tf, values, 4, 3, 2),
                part(tf, values, 10, 3),
                part(tf, values, 13, 2, 2),
                part(tf, values, 17, 2));
    }

    private static Objective objective(Ops tf, List<Operand<TFloat32>> parts) {
        return Objective.rejections(
                tf,
                parts.get(0),
                candidates(tf, parts.get(1), parts.get(2)),
                new Candidates(tf.constant(REJECTED), tf.constant(0f), parts.get(3), parts.get(4)),
                tf.constant(SHARE));
    }

    private static Candidates candidates(
            Ops tf, Operand<TFloat32> vectors, Operand<TFloat32> biases) {
        return new Candidates(tf.constant(CANDIDATES), tf.constant(LOG_Q), vectors, biases);
    }

    private static Operand<TFloat32> part(Ops tf, float[] values, int from, long... shape) {
        int size = (int) Shape.of(shape).size();
        float[] some = new float[size];
        IntStream.range(0, size).forEach(i -> some[i] = values[from + i]);
        return tf.constant(Shape.of(shape), DataBuffers.of(some));
    }

    private static float[] fetch(Session session, Operand<TFloat32> operand) {
        try (TFloat32 found = (TFloat32) session.runner().fetch(operand).run().get(0)) {
            float[] values = new float[(int) found.size()];
            found.copyTo(NdArrays.wrap(found.shape(), DataBuffers.of(values, false, false)));
            return values;
        }
    }
}
