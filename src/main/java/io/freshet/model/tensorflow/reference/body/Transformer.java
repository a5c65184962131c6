package io.freshet.model.tensorflow.reference.body;

import static java.util.Objects.requireNonNull;

import io.freshet.model.ModelSpec;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The body: learned positions, to which vectors of attributes are added, pre-norm blocks of causal
 * self-attention and a two-layer network, and a last normalisation. Padding is behind all items of
 * a sequence, so the causal mask hides it from them as well.
 */
public final class Transformer {

    private static final float EPSILON = 1e-5f;
    private static final float MASKED = -1e9f;

    private record Norm(GraphVariable<TFloat32> gain, GraphVariable<TFloat32> offset) {}

    private record Dense(GraphVariable<TFloat32> kernel, GraphVariable<TFloat32> bias) {}

    private record Block(
            Norm attentionNorm,
            Dense queryKeyValue,
            Dense out,
            Norm innerNorm,
            Dense up,
            Dense down) {}

    private final ModelSpec spec;
    private final MatrixProducts products;
    private final List<GraphVariable<TFloat32>> variables = new ArrayList<>();
    private final List<Integer> depths = new ArrayList<>();
    private final GraphVariable<TFloat32> positions;
    private final List<Block> blocks = new ArrayList<>();
    private final Norm lastNorm;
    private final @Nullable AttributeVectors attributeVectors;

    public Transformer(GraphVariables graph, Initializers first, ModelSpec spec) {
        this.spec = spec;
        products = new MatrixProducts(spec.precision());
        int width = spec.width();
        positions = add(graph, "body/positions", first.embedding(spec.length(), width));
        addedAt(spec.blocks());
        for (int i = 0; i < spec.blocks(); i++) {
            String name = "body/block" + i;
            blocks.add(
                    new Block(
                            norm(graph, first, name + "/attention_norm"),
                            dense(graph, first, name + "/query_key_value", 3 * width),
                            dense(graph, first, name + "/out", width),
                            norm(graph, first, name + "/inner_norm"),
                            dense(graph, first, name + "/up", width),
                            dense(graph, first, name + "/down", width)));
            addedAt(spec.blocks() - 1 - i);
        }
        lastNorm = norm(graph, first, "body/norm");
        attributeVectors =
                spec.attributeBuckets() > 0 ? new AttributeVectors(graph, first, spec) : null;
        if (attributeVectors != null) {
            variables.add(attributeVectors.variable());
        }
        addedAt(0);
    }

    /** All variables of the body, in a fixed order. */
    public List<GraphVariable<TFloat32>> variables() {
        return variables;
    }

    /**
     * Learning rate of each variable, in their order: the topmost block and the last normalisation
     * have the body's, as have attributes, each block below {@code decay} times that of the one
     * above it, and the positions the lowest (Howard and Ruder's "discriminative fine-tuning").
     */
    public List<Operand<TFloat32>> rates(Ops tf, Operand<TFloat32> rate, Operand<TFloat32> decay) {
        List<Operand<TFloat32>> byDepth = new ArrayList<>(List.of(rate));
        for (int depth = 1; depth <= spec.blocks(); depth++) {
            byDepth.add(tf.math.mul(byDepth.get(depth - 1), decay));
        }
        List<Operand<TFloat32>> rates = new ArrayList<>();
        depths.forEach(depth -> rates.add(byDepth.get(depth)));
        return rates;
    }

    /**
     * Hidden states at some positions. All positions are context; but nothing looks at what the
     * last block makes of the others, so what follows its attention is computed at these alone.
     *
     * @param x item vectors, [B, T, width]; zero where there is padding
     * @param attributes hashes of what else is known of the positions, [B, T, K], 0 where unused;
     *     null if the model takes none
     * @param wanted flat indexes b·T+t, [M]
     * @return [M, width]
     */
    public Operand<TFloat32> apply(
            Ops tf,
            Weights weights,
            Operand<TFloat32> x,
            @Nullable Operand<TInt32> attributes,
            Operand<TInt32> wanted,
            Dropout dropout) {
        Operand<TInt32> shape = tf.shape(x);
        Operand<TInt32> length = element(tf, shape, 1);
        Operand<TFloat32> here =
                tf.slice(
                        weights.of(positions),
                        tf.constant(new int[] {0, 0}),
                        tf.stack(List.of(length, tf.constant(spec.width()))));
        Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) Math.sqrt(spec.width())));
        Operand<TFloat32> known = tf.math.add(scaled, here);
        if (attributes != null) {
            known =
                    tf.math.add(
                            known,
                            requireNonNull(attributeVectors)
                                    .sums(tf, weights, attributes, dropout));
        }
        Operand<TFloat32> mask = causalMask(tf, length);
        Operand<TFloat32> h =
                tf.reshape(dropout.apply(tf, known), tf.constant(new int[] {-1, spec.width()}));
        for (Block block : blocks) {
            Operand<TFloat32> heads =
                    attention(
                            tf,
                            weights,
                            block,
                            norm(tf, weights, block.attentionNorm, h),
                            shape,
                            mask,
                            dropout);
            if (block.equals(blocks.get(blocks.size() - 1))) {
                heads = tf.gather(heads, wanted, tf.constant(0));
                h = tf.gather(h, wanted, tf.constant(0));
            }
            Operand<TFloat32> attended = dense(tf, weights, block.out, heads);
            h = tf.math.add(h, dropout.apply(tf, attended));
            Operand<TFloat32> inner =
                    tf.nn.relu(dense(tf, weights, block.up, norm(tf, weights, block.innerNorm, h)));
            h = tf.math.add(h, dropout.apply(tf, dense(tf, weights, block.down, inner)));
        }
        return norm(tf, weights, lastNorm, h);
    }

    /** What the heads gather at each position, [B·T, width]. */
    private Operand<TFloat32> attention(
            Ops tf,
            Weights weights,
            Block block,
            Operand<TFloat32> x,
            Operand<TInt32> shape,
            Operand<TFloat32> mask,
            Dropout dropout) {
        int depth = spec.width() / spec.heads();
        Operand<TInt32> batch = element(tf, shape, 0);
        Operand<TInt32> length = element(tf, shape, 1);
        Operand<TFloat32> joint =
                tf.reshape(
                        dense(tf, weights, block.queryKeyValue, x),
                        tf.stack(
                                List.of(
                                        batch,
                                        length,
                                        tf.constant(3),
                                        tf.constant(spec.heads()),
                                        tf.constant(depth))));
        List<Output<TFloat32>> parts =
                tf.unstack(tf.linalg.transpose(joint, tf.constant(new int[] {2, 0, 3, 1, 4})), 3L)
                        .output();
        Operand<TFloat32> query =
                tf.math.mul(parts.get(0), tf.constant((float) (1 / Math.sqrt(depth))));
        Operand<TFloat32> similar =
                products.ofStacks(tf, query, parts.get(1), BatchMatMul.adjY(true));
        Operand<TFloat32> shares = dropout.apply(tf, tf.nn.softmax(tf.math.add(similar, mask)));
        Operand<TFloat32> heads = products.ofStacks(tf, shares, parts.get(2));
        return tf.reshape(
                tf.linalg.transpose(heads, tf.constant(new int[] {0, 2, 1, 3})),
                tf.constant(new int[] {-1, spec.width()}));
    }

    /** [T, T], zero where the column isn't behind the row. */
    private static Operand<TFloat32> causalMask(Ops tf, Operand<TInt32> length) {
        Operand<TInt32> steps = tf.range(tf.constant(0), length, tf.constant(1));
        Operand<TBool> seen =
                tf.math.greaterEqual(
                        tf.expandDims(steps, tf.constant(1)), tf.expandDims(steps, tf.constant(0)));
        return tf.select(seen, tf.constant(0f), tf.constant(MASKED));
    }

    private Operand<TFloat32> norm(Ops tf, Weights weights, Norm norm, Operand<TFloat32> x) {
        Operand<TInt32> last = tf.constant(-1);
        Operand<TFloat32> centred = tf.math.sub(x, tf.math.mean(x, last, Mean.keepDims(true)));
        Operand<TFloat32> variance =
                tf.math.mean(tf.math.square(centred), last, Mean.keepDims(true));
        Operand<TFloat32> unit =
                tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON))));
        return tf.math.add(tf.math.mul(unit, weights.of(norm.gain)), weights.of(norm.offset));
    }

    private Operand<TFloat32> dense(Ops tf, Weights weights, Dense dense, Operand<TFloat32> x) {
        return tf.nn.biasAdd(products.of(tf, x, weights.of(dense.kernel)), weights.of(dense.bias));
    }

    private static Operand<TInt32> element(Ops tf, Operand<TInt32> vector, int index) {
        return tf.gather(vector, tf.constant(index), tf.constant(0));
    }

    /** Records how many blocks are above the variables that were added last. */
    private void addedAt(int depth) {
        depths.addAll(Collections.nCopies(variables.size() - depths.size(), depth));
    }

    private Norm norm(GraphVariables graph, Initializers first, String name) {
        return new Norm(
                add(graph, name + "/gain", first.constant(1, spec.width())),
                add(graph, name + "/offset", first.constant(0, spec.width())));
    }

    private Dense dense(GraphVariables graph, Initializers first, String name, int outputs) {
        return new Dense(
                add(graph, name + "/kernel", first.kernel(spec.width(), outputs)),
                add(graph, name + "/bias", first.constant(0, outputs)));
    }

    private GraphVariable<TFloat32> add(
            GraphVariables graph, String name, Operand<TFloat32> first) {
        GraphVariable<TFloat32> variable = graph.add(name, TFloat32.class, first.shape(), first);
        variables.add(variable);
        return variable;
    }
}
