package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The {@code changes} and {@code apply} signatures: reading and overwriting what scoring depends
 * on. A row's weights are its embedding, then its bias; the dense weights are those of the adapter,
 * then those of the body, each row-major.
 */
final class DeltaGraph {

    private final Ops tf;
    private final ReferenceModel model;
    private final List<GraphVariable<TFloat32>> dense = new ArrayList<>();
    private final int width;

    DeltaGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
        dense.addAll(model.vectors().adapter());
        dense.addAll(model.body());
        width = model.vectors().embedding().width();
    }

    SignatureDef changes() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TInt32> described = signature.input("described_rows", TInt32.class, -1);
        List<Operand<TFloat32>> flat = new ArrayList<>();
        for (GraphVariable<TFloat32> variable : dense) {
            flat.add(tf.reshape(variable.read(tf), tf.constant(new int[] {-1})));
        }
        signature.output(
                "row_weights",
                tf.concat(
                        List.of(
                                model.vectors().embedding().variable().gather(tf, rows),
                                model.bias().variable().gather(tf, rows)),
                        tf.constant(1)));
        signature.output("features", model.rows().features().gather(tf, described));
        signature.output("dense_weights", tf.concat(flat, tf.constant(0)));
        return signature.definition();
    }

    SignatureDef apply() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TFloat32> weights = signature.input("row_weights", TFloat32.class, -1, width + 1);
        Operand<TFloat32> flat = signature.input("dense_weights", TFloat32.class, -1);
        List<Op> changes = new ArrayList<>();
        changes.add(
                model.vectors()
                        .embedding()
                        .variable()
                        .scatter(tf, rows, columns(weights, 0, width)));
        changes.add(model.bias().variable().scatter(tf, rows, columns(weights, width, 1)));
        int start = 0;
        for (GraphVariable<TFloat32> variable : dense) {
            int size = (int) variable.shape().size();
            Operand<TFloat32> part =
                    tf.slice(flat, tf.constant(new int[] {start}), tf.constant(new int[] {size}));
            changes.add(
                    variable.assign(tf, tf.reshape(part, tf.constant(variable.shape().asArray()))));
            start += size;
        }
        changes.add(model.vectors().invalidate(tf));
        signature.output("rows", tf.withControlDependencies(changes).identity(rows));
        return signature.definition();
    }

    private Operand<TFloat32> columns(Operand<TFloat32> matrix, int first, int count) {
        return tf.slice(
                matrix, tf.constant(new int[] {0, first}), tf.constant(new int[] {-1, count}));
    }
}
