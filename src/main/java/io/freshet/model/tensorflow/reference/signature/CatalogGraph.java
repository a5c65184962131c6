package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** The signatures about the item table itself: its size, its ids, and how rows come and go. */
final class CatalogGraph {

    private final Ops tf;
    private final ReferenceModel model;

    CatalogGraph(Ops tf, ReferenceModel model) {
        this.tf = tf;
        this.model = model;
    }

    SignatureDef info() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output("length", tf.constant(model.spec().length()));
        signature.output("rows", tf.size(model.rows().ids().read(tf)));
        signature.output("feature_width", tf.constant(model.spec().featureWidth()));
        signature.output("architecture", tf.constant(model.spec().architecture()));
        return signature.definition();
    }

    SignatureDef itemIds() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output("item_ids", model.rows().ids().read(tf));
        return signature.definition();
    }

    SignatureDef itemVectors() {
        GraphSignature signature = new GraphSignature(tf);
        signature.output("item_vectors", model.scoring().vectors(tf));
        return signature.definition();
    }

    SignatureDef append() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TString> ids = signature.input("item_ids", TString.class, -1);
        Operand<TFloat32> features =
                signature.input("features", TFloat32.class, -1, model.spec().featureWidth());
        Operand<TInt64> seed = signature.input("seed", TInt64.class, 2);
        Operand<TInt32> start = tf.size(model.rows().ids().read(tf));
        Operand<TInt32> rows = tf.range(start, tf.math.add(start, tf.size(ids)), tf.constant(1));
        return answer(signature, rows, model.rows().append(tf, ids, features, seed));
    }

    SignatureDef recycle() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TString> ids = signature.input("item_ids", TString.class, -1);
        Operand<TFloat32> features =
                signature.input("features", TFloat32.class, -1, model.spec().featureWidth());
        Operand<TInt64> seed = signature.input("seed", TInt64.class, 2);
        return answer(signature, rows, model.rows().recycle(tf, rows, ids, features, seed));
    }

    SignatureDef describe() {
        GraphSignature signature = new GraphSignature(tf);
        Operand<TInt32> rows = signature.input("rows", TInt32.class, -1);
        Operand<TFloat32> features =
                signature.input("features", TFloat32.class, -1, model.spec().featureWidth());
        return answer(
                signature, rows, List.of(model.rows().features().scatter(tf, rows, features)));
    }

    private SignatureDef answer(GraphSignature signature, Operand<TInt32> rows, List<Op> changes) {
        List<Op> all = new ArrayList<>(changes);
        all.add(model.scoring().invalidate(tf));
        signature.output("rows", tf.withControlDependencies(all).identity(rows));
        return signature.definition();
    }
}
