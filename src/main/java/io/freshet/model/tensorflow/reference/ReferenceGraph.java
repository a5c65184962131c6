package io.freshet.model.tensorflow.reference;

import static java.util.Objects.requireNonNull;

import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * The reference model: a causal transformer over item vectors, whose output is matched with the
 * same item vectors and a learned bias per item.
 */
public final class ReferenceGraph {

    private final ModelSpec spec;
    private final ItemRows rows;
    private final ItemVectors vectors;
    private final GrowingMatrix bias;
    private final Transformer body;
    private final @Nullable RatingHead ratings;
    private final RowAdam embeddingAdam;
    private final RowAdam biasAdam;
    private final DenseAdam headAdam;
    private final BodyAdam bodyAdam;

    private ReferenceGraph(
            Ops tf, GraphVariables graph, ModelSpec spec, @Nullable TextLayers text) {
        this.spec = spec;
        FirstValues first = new FirstValues(tf, spec.seed());
        rows = new ItemRows(tf, graph, first, spec.featureWidth());
        ItemContent content = new ItemContent(graph, spec.featureWidth(), text);
        vectors = new ItemVectors(tf, graph, first, rows, content, spec.width());
        bias = rows.zeros("items/bias", 1);
        body = new Transformer(graph, first, spec);
        embeddingAdam = new RowAdam(rows, "items/embedding", vectors.embedding());
        biasAdam = new RowAdam(rows, "items/bias", bias);
        ratings =
                spec.loss() == Loss.MEAN_SQUARED_ERROR
                        ? new RatingHead(graph, first, spec.ratings())
                        : null;
        headAdam = new DenseAdam(graph, first, "head", head());
        bodyAdam = new BodyAdam(graph, first, body, content);
    }

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
        Path variables = Files.createDirectories(directory.resolve("variables"));
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphVariables all = new GraphVariables(tf);
            ReferenceGraph model = new ReferenceGraph(tf, all, spec, text);
            Map<String, SignatureDef> signatures = model.signatures(tf);
            SaverDef saver = all.saver();
            Op initial = all.initial();
            MetaGraphDef.Builder metaGraph =
                    MetaGraphDef.newBuilder()
                            .setGraphDef(graph.toGraphDef())
                            .setSaverDef(saver)
                            .putAllSignatureDef(signatures);
            metaGraph.getMetaInfoDefBuilder().addTags("serve");
            SavedModel savedModel =
                    SavedModel.newBuilder()
                            .setSavedModelSchemaVersion(1)
                            .addMetaGraphs(metaGraph)
                            .build();
            Files.write(directory.resolve("saved_model.pb"), savedModel.toByteArray());
            try (Session session = new Session(graph, config);
                    TString prefix = TString.scalarOf(variables.resolve("variables").toString())) {
                all.initialize(session, initial);
                session.runner()
                        .feed(saver.getFilenameTensorName(), prefix)
                        .fetch(saver.getSaveTensorName())
                        .run()
                        .close();
            }
        }
    }

    private Map<String, SignatureDef> signatures(Ops tf) {
        ScoringGraph scoring = new ScoringGraph(tf, this);
        CatalogGraph catalog = new CatalogGraph(tf, this);
        ChangeGraph changes = new ChangeGraph(tf, this);
        DeltaGraph delta = new DeltaGraph(tf, this);
        Map<String, SignatureDef> signatures = new LinkedHashMap<>();
        signatures.put("train", TrainingGraph.train(tf, this));
        if (!predictsRatings()) {
            signatures.put("distill", TrainingGraph.distill(tf, this));
            signatures.put("teach", scoring.teach());
        }
        signatures.put("evaluate", scoring.evaluate());
        signatures.put("serving_default", scoring.serve());
        signatures.put("append", catalog.append());
        signatures.put("recycle", catalog.recycle());
        signatures.put("describe", catalog.describe());
        signatures.put("export_changes", changes.exportChanges());
        signatures.put("import_changes", changes.importChanges());
        signatures.put("changes", delta.changes());
        signatures.put("apply", delta.apply());
        signatures.put("item_ids", catalog.itemIds());
        signatures.put("item_vectors", catalog.itemVectors());
        signatures.put("info", catalog.info());
        return signatures;
    }

    /**
     * Hidden states of a batch.
     *
     * @param items [B, T]
     * @param itemVectors vectors of the items, [B·T, width]
     * @return [B·T, width]
     */
    Operand<TFloat32> hidden(
            Ops tf,
            Weights weights,
            Operand<TInt32> items,
            Operand<TFloat32> itemVectors,
            Dropout dropout) {
        Operand<TInt32> shape = tf.shape(items);
        Operand<TFloat32> cube =
                tf.reshape(
                        itemVectors,
                        tf.concat(
                                List.of(shape, tf.constant(new int[] {spec.width()})),
                                tf.constant(0)));
        Operand<TFloat32> used =
                tf.expandDims(
                        tf.dtypes.cast(tf.math.greater(items, tf.constant(0)), TFloat32.class),
                        tf.constant(2));
        return body.apply(tf, weights, tf.math.mul(cube, used), dropout);
    }

    ModelSpec spec() {
        return spec;
    }

    ItemRows rows() {
        return rows;
    }

    ItemVectors vectors() {
        return vectors;
    }

    GrowingMatrix bias() {
        return bias;
    }

    Transformer body() {
        return body;
    }

    boolean predictsRatings() {
        return ratings != null;
    }

    /** What predicts ratings, in a model whose loss is of ratings. */
    RatingHead ratings() {
        return requireNonNull(ratings, "a model that predicts no ratings");
    }

    /** All dense variables of the head, in a fixed order. */
    List<GraphVariable<TFloat32>> head() {
        List<GraphVariable<TFloat32>> head = new ArrayList<>(vectors.adapter());
        if (ratings != null) {
            head.add(ratings.offset());
        }
        return head;
    }

    RowAdam embeddingAdam() {
        return embeddingAdam;
    }

    RowAdam biasAdam() {
        return biasAdam;
    }

    /** Of {@link #head}. */
    DenseAdam headAdam() {
        return headAdam;
    }

    BodyAdam bodyAdam() {
        return bodyAdam;
    }
}
