package io.freshet.model.tensorflow.reference.authoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TString;

/**
 * A model whose graph is complete but for what saves it.
 *
 * @param variables all of the graph
 * @param signatures by name
 */
public record AuthoredModel(
        Graph graph, GraphVariables variables, Map<String, SignatureDef> signatures) {

    /**
     * Writes the model, with its first weights, as a SavedModel.
     *
     * @param config of the session that makes the first weights
     * @param directory where to; made if missing
     */
    public void write(ConfigProto config, Path directory) throws IOException {
        Path weights = Files.createDirectories(directory.resolve("variables"));
        SaverDef saver = variables.saver();
        Op initial = variables.initial();
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
                TString prefix = TString.scalarOf(weights.resolve("variables").toString())) {
            variables.initialize(session, initial);
            session.runner()
                    .feed(saver.getFilenameTensorName(), prefix)
                    .fetch(saver.getSaveTensorName())
                    .run()
                    .close();
        }
    }
}
