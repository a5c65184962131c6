package io.freshet.model.tensorflow.reference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The upper layers of a pre-trained text encoder, which the recommender trains further. They go on
 * from what the frozen layers below them made of an item's text; that is the first part of the
 * item's content vector.
 */
public interface TextLayers {

    /**
     * A weight.
     *
     * @param name unique among all layers
     * @param pretrained reads its first value, row by row
     */
    record Parameter(String name, Shape shape, Supplier<FloatBuffer> pretrained) {}

    /** Width of what the frozen layers give. */
    int inputWidth();

    /** Width of a text's vector. */
    int width();

    /** The weights of each layer, the lowest layer first. */
    List<List<Parameter>> layers();

    /**
     * Texts' vectors.
     *
     * @param weights the value of each parameter, by its name
     * @param input what the frozen layers gave, [R, inputWidth]; zero for an item without text
     * @return of unit length, zero for an item without text, [R, width]
     */
    Operand<TFloat32> apply(
            Ops tf, Function<String, Operand<TFloat32>> weights, Operand<TFloat32> input);
}
