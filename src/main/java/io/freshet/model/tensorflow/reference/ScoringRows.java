package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.ChunkedRows;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Computes the rows of a {@link ScoringTable} in chunks, from the item table as it is or as changes
 * will make it. Rows are gathered, never read as a whole: that would copy a variable that rows were
 * ever scattered into.
 */
final class ScoringRows {

    private static final float MASKED = -1e9f;

    /** Rows that are computed at once. */
    private static final int CHUNK = 4096;

    /** The same where much lies between content and vector, as text layers do. */
    private static final int DEEP_CHUNK = 128;

    private final Ops tf;
    private final ItemVariables rows;
    private final ItemVectors vectors;
    private final ItemVariables.Matrix bias;
    private final UnaryOperator<Operand<? extends TType>> enter;

    /** What the loop is given, by what it is of; its own graph has it at the same place. */
    private final Map<Object, Operand<? extends TType>> given = new LinkedHashMap<>();

    private enum Given {
        COUNT,
        RENAMED,
        LIVE,
        DESCRIBED,
        FEATURES,
        TRAINED,
        EMBEDDINGS,
        BIASES
    }

    /**
     * @param enter what operands pass on their way into the loop
     */
    ScoringRows(
            Ops tf,
            ItemVariables rows,
            ItemVectors vectors,
            ItemVariables.Matrix bias,
            UnaryOperator<Operand<? extends TType>> enter) {
        this.tf = tf;
        this.rows = rows;
        this.vectors = vectors;
        this.bias = bias;
        this.enter = enter;
    }

    /**
     * All rows, in whole blocks; those behind the last are not live.
     *
     * @param name of the loop, unique in the graph
     * @param changes null for the table as it is
     * @return [V', width + 1]
     */
    Operand<TFloat32> compute(String name, int block, ScoringTable.@Nullable Changes changes) {
        for (GraphVariable<?> each :
                List.of(embedding(), bias.variable(), rows.live(), rows.features())) {
            given.put(each, enter.apply(each.handle()));
        }
        Operand<TInt32> count =
                tf.gather(
                        tf.variableShape(
                                Objects.requireNonNull(given.get(embedding())), TInt32.class),
                        tf.constant(0),
                        tf.constant(0));
        given.put(Given.COUNT, count);
        Operand<TInt32> size = changes == null ? count : grown(count, changes.renamedRows());
        Operand<TInt32> blocks =
                tf.math.div(tf.math.add(size, tf.constant(block - 1)), tf.constant(block));
        Operand<TInt32> padded = tf.math.mul(blocks, tf.constant(block));
        if (changes == null) {
            vectors.dense()
                    .forEach(
                            each ->
                                    given.put(
                                            each,
                                            tf.readVariableOp(
                                                    enter.apply(each.handle()), TFloat32.class)));
        } else {
            overlay(changes, padded);
        }
        List<Object> places = new ArrayList<>(given.keySet());
        return new ChunkedRows(tf, name, vectors.areDeep() ? DEEP_CHUNK : CHUNK)
                .compute(
                        ChunkedRows.typed(enter.apply(tf.constant(0)).asOutput()),
                        padded,
                        vectors.width() + 1,
                        List.copyOf(given.values()),
                        (inner, in, some) ->
                                new Chunk(inner, in, places, changes != null, some).rows());
    }

    private GraphVariable<TFloat32> embedding() {
        return vectors.embedding().variable();
    }

    /** The number of rows with those that are new; renamed rows ascend. */
    private Operand<TInt32> grown(Operand<TInt32> count, Operand<TInt32> renamed) {
        Operand<TInt32> all =
                tf.concat(
                        List.of(
                                renamed,
                                tf.reshape(
                                        tf.math.sub(count, tf.constant(1)),
                                        tf.constant(new int[] {1}))),
                        tf.constant(0));
        return tf.math.add(tf.max(all, tf.constant(0)), tf.constant(1));
    }

    private void overlay(ScoringTable.Changes changes, Operand<TInt32> padded) {
        Operand<TBool> live = tf.math.notEqual(changes.itemIds(), tf.constant(""));
        putChanged(
                Given.RENAMED,
                changes.renamedRows(),
                padded,
                Given.LIVE,
                prepended(live, tf.constant(new boolean[] {false})));
        putChanged(
                Given.DESCRIBED,
                changes.describedRows(),
                padded,
                Given.FEATURES,
                withZeroRow(changes.features()));
        putChanged(
                Given.TRAINED,
                changes.trainedRows(),
                padded,
                Given.EMBEDDINGS,
                withZeroRow(changes.embeddings()));
        given.put(Given.BIASES, withZeroRow(changes.biases()));
        vectors.dense()
                .forEach(
                        each -> given.put(each, Objects.requireNonNull(changes.dense().get(each))));
    }

    /** Of each row of the table, its place among the changes from 1 on, or 0; and the changes. */
    private void putChanged(
            Given places,
            Operand<TInt32> changed,
            Operand<TInt32> padded,
            Given numbers,
            Operand<? extends TType> values) {
        Operand<TInt32> ordinals =
                tf.range(
                        tf.constant(1),
                        tf.math.add(tf.size(changed), tf.constant(1)),
                        tf.constant(1));
        given.put(
                places,
                tf.scatterNd(
                        tf.expandDims(changed, tf.constant(1)),
                        ordinals,
                        tf.reshape(padded, tf.constant(new int[] {1}))));
        given.put(numbers, values);
    }

    private Operand<TFloat32> withZeroRow(Operand<TFloat32> matrix) {
        Operand<TInt32> width = tf.gather(tf.shape(matrix), tf.constant(1), tf.constant(0));
        return prepended(
                matrix, tf.fill(tf.stack(List.of(tf.constant(1), width)), tf.constant(0f)));
    }

    private <T extends TType> Operand<T> prepended(Operand<T> values, Operand<T> one) {
        return tf.concat(List.of(one, values), tf.constant(0));
    }

    /** Some rows, computed in the loop's own graph. */
    private final class Chunk {

        private final Ops inner;
        private final List<Output<?>> in;
        private final List<Object> places;
        private final boolean changed;
        private final Operand<TInt32> some;
        private final Operand<TInt32> known;

        private Chunk(
                Ops inner,
                List<Output<?>> in,
                List<Object> places,
                boolean changed,
                Operand<TInt32> some) {
            this.inner = inner;
            this.in = in;
            this.places = places;
            this.changed = changed;
            this.some = some;
            // rows behind the last are as the padding row, which is never live
            known =
                    inner.select(
                            inner.math.less(some, this.<TInt32>given(Given.COUNT)),
                            some,
                            inner.zerosLike(some));
        }

        private Operand<TFloat32> rows() {
            Operand<TFloat32> embeddings =
                    column(embedding(), Given.TRAINED, Given.EMBEDDINGS, true);
            Operand<TFloat32> features =
                    column(ScoringRows.this.rows.features(), Given.DESCRIBED, Given.FEATURES, true);
            Operand<TFloat32> biases = column(bias.variable(), Given.TRAINED, Given.BIASES, true);
            Operand<TBool> live =
                    inner.expandDims(
                            column(ScoringRows.this.rows.live(), Given.RENAMED, Given.LIVE, false),
                            inner.constant(1));
            return inner.concat(
                    List.of(
                            vectors.of(inner, this::given, embeddings, features),
                            inner.select(live, biases, inner.constant(MASKED))),
                    inner.constant(1));
        }

        private <T extends TType> Operand<T> column(
                GraphVariable<T> variable, Given places, Given numbers, boolean isMatrix) {
            Operand<T> before =
                    inner.resourceGather(this.<TType>given(variable), known, variable.type());
            if (!changed) {
                return before;
            }
            Operand<TInt32> place =
                    inner.gather(this.<TInt32>given(places), some, inner.constant(0));
            Operand<TBool> replaced = inner.math.greater(place, inner.constant(0));
            return inner.select(
                    isMatrix ? inner.expandDims(replaced, inner.constant(1)) : replaced,
                    inner.gather(this.<T>given(numbers), place, inner.constant(0)),
                    before);
        }

        private <T extends TType> Operand<T> given(Object place) {
            return ChunkedRows.typed(in.get(places.indexOf(place)));
        }
    }
}
