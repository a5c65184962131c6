package io.freshet.model.tensorflow.reference.signature;

import static io.freshet.model.tensorflow.session.ModelContract.DENSE;
import static io.freshet.model.tensorflow.session.ModelContract.ROW;

import io.freshet.model.tensorflow.reference.ItemVariables;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.ScoringTable;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * The {@code serve_only}, {@code prepare_follow}, {@code follow} and {@code adopt_prepared}
 * signatures: a model that only scores follows another one by its weights, without optimizer slots,
 * and can compute what they mean for all items before it takes them over.
 */
final class FollowGraph {

    private final Ops tf;
    private final ReferenceModel model;

    FollowGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
    }

    SignatureDef serveOnly() {
        GraphSignature signature = new GraphSignature(tf);
        List<Op> freed = new ArrayList<>();
        for (ItemVariables.Matrix matrix : model.rows().learned()) {
            if (!weights().contains(matrix)) {
                freed.add(
                        matrix.variable()
                                .assign(
                                        tf,
                                        tf.fill(
                                                tf.constant(new int[] {0, matrix.width()}),
                                                tf.constant(0f))));
            }
        }
        signature.output(
                "rows", tf.withControlDependencies(freed).size(model.rows().ids().read(tf)));
        return signature.definition();
    }

    SignatureDef prepare() {
        GraphSignature signature = new GraphSignature(tf);
        ScoringTable.Changes changes = changes(signature);
        Op prepared = model.scoring().prepare(tf, changes);
        signature.output(
                "rows", tf.withControlDependencies(prepared).identity(changes.trainedRows()));
        return signature.definition();
    }

    SignatureDef follow() {
        GraphSignature signature = new GraphSignature(tf);
        ScoringTable.Changes changes = changes(signature);
        ItemVariables rows = model.rows();
        List<Op> written = new ArrayList<>();
        written.add(rows.ids().scatter(tf, changes.renamedRows(), changes.itemIds()));
        written.add(
                rows.live()
                        .scatter(
                                tf,
                                changes.renamedRows(),
                                tf.math.notEqual(changes.itemIds(), tf.constant(""))));
        written.add(rows.features().scatter(tf, changes.describedRows(), changes.features()));
        written.add(
                model.vectors()
                        .embedding()
                        .variable()
                        .scatter(tf, changes.trainedRows(), changes.embeddings()));
        written.add(model.bias().variable().scatter(tf, changes.trainedRows(), changes.biases()));
        changes.dense().forEach((variable, value) -> written.add(variable.assign(tf, value)));
        written.add(model.scoring().invalidate(tf));
        signature.output(
                "rows", tf.withControlDependencies(written).identity(changes.trainedRows()));
        return signature.definition();
    }

    SignatureDef adopt() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output(
                "rows",
                tf.withControlDependencies(model.scoring().adopt(tf))
                        .size(model.rows().ids().read(tf)));
        return signature.definition();
    }

    private List<ItemVariables.Matrix> weights() {
        return List.of(model.vectors().embedding(), model.bias());
    }

    private ScoringTable.Changes changes(GraphSignature signature) {
        Operand<TInt32> renamed = signature.input("renamed_rows", TInt32.class, -1);
        Operand<TString> ids = signature.input("item_ids", TString.class, -1);
        Operand<TInt32> described = signature.input("described_rows", TInt32.class, -1);
        Operand<TFloat32> features =
                signature.input("features", TFloat32.class, -1, model.spec().featureWidth());
        Operand<TInt32> trained = signature.input("rows", TInt32.class, -1);
        Operand<TFloat32> embeddings = weights(signature, model.vectors().embedding());
        Operand<TFloat32> biases = weights(signature, model.bias());
        List<GraphVariable<TFloat32>> variables = new ArrayList<>(model.head());
        variables.addAll(model.body());
        Map<GraphVariable<TFloat32>, Operand<TFloat32>> dense = new LinkedHashMap<>();
        for (GraphVariable<TFloat32> each : variables) {
            dense.put(
                    each,
                    signature.input(DENSE + each.name(), TFloat32.class, each.shape().asArray()));
        }
        return new ScoringTable.Changes(
                renamed, ids, described, features, trained, embeddings, biases, dense);
    }

    private static Operand<TFloat32> weights(
            GraphSignature signature, ItemVariables.Matrix matrix) {
        return signature.input(ROW + matrix.variable().name(), TFloat32.class, -1, matrix.width());
    }
}
