package io.freshet.model.tensorflow.reference.signature;

import static io.freshet.model.tensorflow.session.ModelContract.DENSE;
import static io.freshet.model.tensorflow.session.ModelContract.ROW;

import io.freshet.model.tensorflow.reference.ItemVariables;
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
 * The {@code export_changes} and {@code import_changes} signatures: all that training touches, each
 * variable by its name, optimizer slots and clocks included.
 */
final class ChangeGraph {

    private final Ops tf;
    private final ReferenceModel model;
    private final List<GraphVariable<TFloat32>> dense = new ArrayList<>();

    ChangeGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
        dense.addAll(model.headAdam().variables());
        dense.addAll(model.bodyAdam().variables());
    }

    SignatureDef exportChanges() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TInt32> described = signature.input("described_rows", TInt32.class, -1);
        signature.output("features", model.rows().features().gather(tf, described));
        for (ItemVariables.Matrix matrix : model.rows().learned()) {
            GraphVariable<TFloat32> variable = matrix.variable();
            signature.output(ROW + variable.name(), variable.gather(tf, rows));
        }
        dense.forEach(each -> signature.output(DENSE + each.name(), each.read(tf)));
        return signature.definition();
    }

    SignatureDef importChanges() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        List<Op> assignments = new ArrayList<>();
        for (ItemVariables.Matrix matrix : model.rows().learned()) {
            GraphVariable<TFloat32> variable = matrix.variable();
            assignments.add(
                    variable.scatter(
                            tf, rows, input(signature, ROW, variable, -1, matrix.width())));
        }
        for (GraphVariable<TFloat32> variable : dense) {
            assignments.add(
                    variable.assign(
                            tf, input(signature, DENSE, variable, variable.shape().asArray())));
        }
        assignments.add(model.scoring().invalidate(tf));
        signature.output("rows", tf.withControlDependencies(assignments).identity(rows));
        return signature.definition();
    }

    private static Operand<TFloat32> input(
            GraphSignature signature,
            String prefix,
            GraphVariable<TFloat32> variable,
            long... shape) {
        return signature.input(prefix + variable.name(), TFloat32.class, shape);
    }
}
