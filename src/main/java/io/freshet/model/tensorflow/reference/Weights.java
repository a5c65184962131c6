package io.freshet.model.tensorflow.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The values of dense variables as one signature reads them, each read once. */
final class Weights {

    private final Ops tf;
    private final Map<GraphVariable<TFloat32>, Operand<TFloat32>> read = new LinkedHashMap<>();

    Weights(Ops tf) {
        this.tf = tf;
    }

    Operand<TFloat32> of(GraphVariable<TFloat32> variable) {
        return read.computeIfAbsent(variable, unread -> unread.read(tf));
    }

    /** What was read, in the order of the variables given. */
    List<Operand<TFloat32>> of(List<GraphVariable<TFloat32>> variables) {
        List<Operand<TFloat32>> values = new ArrayList<>();
        variables.forEach(variable -> values.add(of(variable)));
        return values;
    }
}
