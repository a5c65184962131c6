package io.freshet.model.tensorflow.reference;

import static java.util.Objects.requireNonNull;

import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import io.freshet.model.tensorflow.reference.body.Dropout;
import io.freshet.model.tensorflow.reference.body.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What the reference model holds: a causal transformer over item vectors, whose output is matched
 * with the same item vectors and a learned bias per item.
 */
public final class ReferenceModel {

    /** Rate of the text encoder's topmost layer, as a share of the body's. */
    private static final float TEXT_SHARE = 0.1f;

    private final ModelSpec spec;
    private final ItemVariables rows;
    private final ItemVectors vectors;
    private final ItemVariables.Matrix bias;
    private final ScoringTable scoring;
    private final Transformer transformer;
    private final ItemContent content;
    private final List<GraphVariable<TFloat32>> body;
    private final @Nullable RatingHead ratings;
    private final RowAdam embeddingAdam;
    private final RowAdam biasAdam;
    private final DenseAdam headAdam;
    private final DenseAdam bodyAdam;

    public ReferenceModel(Ops tf, GraphVariables graph, ModelSpec spec, @Nullable TextLayers text) {
        this.spec = spec;
        Initializers first = new Initializers(tf, spec.seed());
        rows = new ItemVariables(tf, graph, first, spec.featureWidth());
        content = new ItemContent(graph, spec.featureWidth(), text);
        vectors = new ItemVectors(graph, first, rows, content, spec.width());
        bias = rows.zeros("items/bias", 1);
        scoring = new ScoringTable(tf, graph, first, rows, vectors, bias);
        transformer = new Transformer(graph, first, spec);
        embeddingAdam = new RowAdam(rows, "items/embedding", vectors.embedding());
        biasAdam = new RowAdam(rows, "items/bias", bias);
        ratings =
                spec.loss() == Loss.MEAN_SQUARED_ERROR
                        ? new RatingHead(graph, first, spec.ratings())
                        : null;
        headAdam = new DenseAdam(graph, first, "head", head());
        body = new ArrayList<>(transformer.variables());
        content.layers().forEach(body::addAll);
        bodyAdam = new DenseAdam(graph, first, "body", body);
    }

    /**
     * Hidden states of a batch at some positions.
     *
     * @param itemVectors vectors of the items, [B·T, width]
     * @param positions flat indexes b·T+t, [M]
     * @return [M, width]
     */
    public Operand<TFloat32> hidden(
            Ops tf,
            Weights weights,
            SequenceInputs sequences,
            Operand<TFloat32> itemVectors,
            Operand<TInt32> positions,
            Dropout dropout) {
        Operand<TInt32> shape = tf.shape(sequences.items());
        Operand<TFloat32> cube =
                tf.reshape(
                        itemVectors,
                        tf.concat(
                                List.of(shape, tf.constant(new int[] {spec.width()})),
                                tf.constant(0)));
        Operand<TFloat32> used =
                tf.expandDims(
                        tf.dtypes.cast(
                                tf.math.greater(sequences.items(), tf.constant(0)), TFloat32.class),
                        tf.constant(2));
        return transformer.apply(
                tf, weights, tf.math.mul(cube, used), sequences.attributes(), positions, dropout);
    }

    public ModelSpec spec() {
        return spec;
    }

    public ItemVariables rows() {
        return rows;
    }

    public ItemVectors vectors() {
        return vectors;
    }

    public ItemVariables.Matrix bias() {
        return bias;
    }

    public ScoringTable scoring() {
        return scoring;
    }

    /** All dense variables of the body, in a fixed order. */
    public List<GraphVariable<TFloat32>> body() {
        return body;
    }

    /**
     * Learning rate of each variable of the {@link #body}. The text encoder's layers, which were
     * trained before and on much more, learn slower.
     *
     * @param rate of the topmost block; 0 freezes all
     * @param decay what the rate is multiplied by from each layer to the one below it
     */
    public List<Operand<TFloat32>> bodyRates(
            Ops tf, Operand<TFloat32> rate, Operand<TFloat32> decay) {
        List<Operand<TFloat32>> rates = new ArrayList<>(transformer.rates(tf, rate, decay));
        int layers = content.layers().size();
        for (int layer = 0; layer < layers; layer++) {
            Operand<TFloat32> depth = tf.constant((float) (layers - 1 - layer));
            Operand<TFloat32> own =
                    tf.math.mul(
                            tf.math.mul(rate, tf.constant(TEXT_SHARE)), tf.math.pow(decay, depth));
            content.layers().get(layer).forEach(variable -> rates.add(own));
        }
        return rates;
    }

    public boolean predictsRatings() {
        return ratings != null;
    }

    /** What predicts ratings, in a model whose loss is of ratings. */
    public RatingHead ratings() {
        return requireNonNull(ratings, "a model that predicts no ratings");
    }

    /** All dense variables of the head, in a fixed order. */
    public List<GraphVariable<TFloat32>> head() {
        List<GraphVariable<TFloat32>> head = new ArrayList<>(vectors.adapter());
        if (ratings != null) {
            head.add(ratings.offset());
        }
        return head;
    }

    public RowAdam embeddingAdam() {
        return embeddingAdam;
    }

    public RowAdam biasAdam() {
        return biasAdam;
    }

    /** Of {@link #head}. */
    public DenseAdam headAdam() {
        return headAdam;
    }

    /** Of {@link #body}. */
    public DenseAdam bodyAdam() {
        return bodyAdam;
    }
}
