package io.freshet.model.tensorflow.reference;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Inputs of a step that holds on to what a teacher said.
 *
 * @param positions flat indexes of taught positions, [P]
 * @param rows distinct rows that the teacher judged, [D]
 * @param logQ [D]
 * @param taught the teacher's probabilities, [P, D]
 * @param weight what a taught position's divergence counts beside its loss, scalar
 */
record LessonInputs(
        Operand<TInt32> positions,
        Operand<TInt32> rows,
        Operand<TFloat32> logQ,
        Operand<TFloat32> taught,
        Operand<TFloat32> weight) {

    static LessonInputs of(GraphSignature signature) {
        return new LessonInputs(
                signature.input("taught_positions", TInt32.class, -1),
                signature.input("taught_rows", TInt32.class, -1),
                signature.input("taught_log_q", TFloat32.class, -1),
                signature.input("taught", TFloat32.class, -1, -1),
                signature.input("distillation", TFloat32.class));
    }
}
