package io.freshet.model.tensorflow.reference.signature;

import io.freshet.model.ModelSpec;
import io.freshet.model.tensorflow.reference.ReferenceModel;
import io.freshet.model.tensorflow.reference.TextLayers;
import io.freshet.model.tensorflow.reference.authoring.AuthoredModel;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;

/** Authors the reference model: what it holds, and all its signatures. */
public final class ReferenceGraph {

    private ReferenceGraph() {}

    /**
     * Writes a new model, with its first weights, as a SavedModel. The engine must run.
     *
     * @param text layers of a text encoder that are trained with the model, null for none
     * @param config of the session that makes the first weights
     * @param directory where to; made if missing
     */
    public static void export(
            ModelSpec spec, @Nullable TextLayers text, ConfigProto config, Path directory)
            throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphVariables all = new GraphVariables(tf);
            ReferenceModel model = new ReferenceModel(tf, all, spec, text);
            new AuthoredModel(graph, all, signatures(tf, model)).write(config, directory);
        }
    }

    private static Map<String, SignatureDef> signatures(Ops tf, ReferenceModel model) {
        ScoringGraph scoring = new ScoringGraph(tf, model);
        CatalogGraph catalog = new CatalogGraph(tf, model);
        ChangeGraph changes = new ChangeGraph(tf, model);
        FollowGraph follow = new FollowGraph(tf, model);
        Map<String, SignatureDef> signatures = new LinkedHashMap<>();
        signatures.put("train", TrainingGraph.train(tf, model));
        if (!model.predictsRatings()) {
            signatures.put("distill", TrainingGraph.distill(tf, model));
            signatures.put("teach", scoring.teach());
        }
        signatures.put("evaluate", scoring.evaluate());
        signatures.put("serving_default", scoring.serve());
        signatures.put("append", catalog.append());
        signatures.put("recycle", catalog.recycle());
        signatures.put("describe", catalog.describe());
        signatures.put("export_changes", changes.exportChanges());
        signatures.put("import_changes", changes.importChanges());
        signatures.put("serve_only", follow.serveOnly());
        signatures.put("prepare_follow", follow.prepare());
        signatures.put("follow", follow.follow());
        signatures.put("adopt_prepared", follow.adopt());
        signatures.put("item_ids", catalog.itemIds());
        signatures.put("item_vectors", catalog.itemVectors());
        signatures.put("info", catalog.info());
        return signatures;
    }
}
