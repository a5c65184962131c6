package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * All that the model holds per item, optimizer slots included: variables with a row per item that
 * grow together. Row 0 is padding; it and freed rows have an empty id and are not live.
 */
public final class ItemVariables {

    private final GraphVariables graph;
    private final Initializers first;
    private final List<Matrix> learned = new ArrayList<>();
    private final GraphVariable<TString> ids;
    private final GraphVariable<TBool> live;
    private final GraphVariable<TFloat32> features;

    ItemVariables(Ops tf, GraphVariables graph, Initializers first, int featureWidth) {
        this.graph = graph;
        this.first = first;
        Shape column = Shape.of(Shape.UNKNOWN_SIZE);
        ids =
                graph.add(
                        "items/ids",
                        TString.class,
                        column,
                        tf.constant(StandardCharsets.UTF_8, new String[] {""}));
        live = graph.add("items/live", TBool.class, column, tf.constant(new boolean[] {false}));
        features =
                graph.add(
                        "items/features",
                        TFloat32.class,
                        Shape.of(Shape.UNKNOWN_SIZE, featureWidth),
                        first.constant(0, 1, featureWidth));
    }

    /** Adds numbers that start at zero. */
    Matrix zeros(String name, int width) {
        return add(name, width, 0);
    }

    /** Adds numbers that start as embeddings do. */
    Matrix embedding(String name, int width) {
        return add(name, width, Initializers.EMBEDDING_DEVIATION);
    }

    private Matrix add(String name, int width, float deviation) {
        GraphVariable<TFloat32> variable =
                graph.add(
                        name,
                        TFloat32.class,
                        Shape.of(Shape.UNKNOWN_SIZE, width),
                        first.constant(0, 1, width));
        Matrix matrix = new Matrix(variable, width, deviation);
        learned.add(matrix);
        return matrix;
    }

    /** All that training changes: weights and optimizer slots. */
    public List<Matrix> learned() {
        return learned;
    }

    public GraphVariable<TString> ids() {
        return ids;
    }

    public GraphVariable<TBool> live() {
        return live;
    }

    public GraphVariable<TFloat32> features() {
        return features;
    }

    /** Ops that add a row for each id. */
    public List<Op> append(
            Ops tf, Operand<TString> newIds, Operand<TFloat32> content, Operand<TInt64> seed) {
        List<Op> assignments = new ArrayList<>();
        assignments.add(concatenate(tf, ids, newIds));
        assignments.add(concatenate(tf, live, used(tf, newIds)));
        assignments.add(concatenate(tf, features, content));
        for (Matrix matrix : learned) {
            assignments.add(
                    concatenate(tf, matrix.variable(), matrix.fresh(tf, tf.size(newIds), seed)));
        }
        return assignments;
    }

    /** Ops that make rows fresh for other ids. */
    public List<Op> recycle(
            Ops tf,
            Operand<TInt32> rows,
            Operand<TString> newIds,
            Operand<TFloat32> content,
            Operand<TInt64> seed) {
        List<Op> assignments = new ArrayList<>();
        assignments.add(ids.scatter(tf, rows, newIds));
        assignments.add(live.scatter(tf, rows, used(tf, newIds)));
        assignments.add(features.scatter(tf, rows, content));
        for (Matrix matrix : learned) {
            assignments.add(
                    matrix.variable().scatter(tf, rows, matrix.fresh(tf, tf.size(rows), seed)));
        }
        return assignments;
    }

    private static Operand<TBool> used(Ops tf, Operand<TString> newIds) {
        return tf.math.notEqual(newIds, tf.constant(""));
    }

    private static <T extends TType> Op concatenate(
            Ops tf, GraphVariable<T> variable, Operand<T> rows) {
        return variable.assign(tf, tf.concat(List.of(variable.read(tf), rows), tf.constant(0)));
    }

    /**
     * Numbers of every item: a row each, and a way to make a fresh one.
     *
     * @param width columns
     * @param deviation standard deviation of fresh rows; 0 makes them zero
     */
    public record Matrix(GraphVariable<TFloat32> variable, int width, float deviation) {

        Operand<TFloat32> fresh(Ops tf, Operand<TInt32> rows, Operand<TInt64> seed) {
            Operand<TInt32> shape = tf.stack(List.of(rows, tf.constant(width)));
            if (deviation == 0) {
                return tf.fill(shape, tf.constant(0f));
            }
            return tf.math.mul(
                    tf.random.statelessRandomNormal(shape, seed, TFloat32.class),
                    tf.constant(deviation));
        }
    }
}
