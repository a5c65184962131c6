package io.freshet.model.tensorflow.reference;

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
final class ItemRows {

    private final GraphVariables graph;
    private final FirstValues first;
    private final List<GrowingMatrix> learned = new ArrayList<>();
    private final GraphVariable<TString> ids;
    private final GraphVariable<TBool> live;
    private final GraphVariable<TFloat32> features;

    ItemRows(Ops tf, GraphVariables graph, FirstValues first, int featureWidth) {
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
    GrowingMatrix zeros(String name, int width) {
        return add(name, width, 0);
    }

    /** Adds numbers that start as embeddings do. */
    GrowingMatrix embedding(String name, int width) {
        return add(name, width, FirstValues.EMBEDDING_DEVIATION);
    }

    private GrowingMatrix add(String name, int width, float deviation) {
        GraphVariable<TFloat32> variable =
                graph.add(
                        name,
                        TFloat32.class,
                        Shape.of(Shape.UNKNOWN_SIZE, width),
                        first.constant(0, 1, width));
        GrowingMatrix matrix = new GrowingMatrix(variable, width, deviation);
        learned.add(matrix);
        return matrix;
    }

    /** All that training changes: weights and optimizer slots. */
    List<GrowingMatrix> learned() {
        return learned;
    }

    GraphVariable<TString> ids() {
        return ids;
    }

    GraphVariable<TBool> live() {
        return live;
    }

    GraphVariable<TFloat32> features() {
        return features;
    }

    /** Ops that add a row for each id. */
    List<Op> append(
            Ops tf, Operand<TString> newIds, Operand<TFloat32> content, Operand<TInt64> seed) {
        List<Op> assignments = new ArrayList<>();
        assignments.add(concatenate(tf, ids, newIds));
        assignments.add(concatenate(tf, live, used(tf, newIds)));
        assignments.add(concatenate(tf, features, content));
        for (GrowingMatrix matrix : learned) {
            assignments.add(
                    concatenate(tf, matrix.variable(), matrix.fresh(tf, tf.size(newIds), seed)));
        }
        return assignments;
    }

    /** Ops that make rows fresh for other ids. */
    List<Op> recycle(
            Ops tf,
            Operand<TInt32> rows,
            Operand<TString> newIds,
            Operand<TFloat32> content,
            Operand<TInt64> seed) {
        List<Op> assignments = new ArrayList<>();
        assignments.add(ids.scatter(tf, rows, newIds));
        assignments.add(live.scatter(tf, rows, used(tf, newIds)));
        assignments.add(features.scatter(tf, rows, content));
        for (GrowingMatrix matrix : learned) {
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
}
