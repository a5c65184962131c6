package io.freshet.model.tensorflow.reference;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Inputs of a step that say how far it goes; all are scalars.
 *
 * @param head learning rate of item rows, adapters and biases
 * @param body learning rate of the body's topmost layer; 0 freezes the body
 * @param layerDecay what the body's rate is multiplied by from each layer to the one below it
 * @param clipNorm the gradient's global norm is clipped to this
 */
record RateInputs(
        Operand<TFloat32> head,
        Operand<TFloat32> body,
        Operand<TFloat32> layerDecay,
        Operand<TFloat32> clipNorm) {

    static RateInputs of(GraphSignature signature) {
        return new RateInputs(
                signature.input("head_rate", TFloat32.class),
                signature.input("body_rate", TFloat32.class),
                signature.input("layer_decay", TFloat32.class),
                signature.input("clip_norm", TFloat32.class));
    }
}
