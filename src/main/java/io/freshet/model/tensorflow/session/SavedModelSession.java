package io.freshet.model.tensorflow.session;

import ai.djl.tensorflow.engine.SavedModelBundle;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SaverDef;

/** A SavedModel that DJL's TensorFlow engine has loaded: all its signatures share one session. */
public final class SavedModelSession implements AutoCloseable {

    private static final String GRAPH_FILE = "saved_model.pb";
    private static final String TAG = "serve";

    private final SavedModelBundle bundle;
    private final byte[] graphFile;

    private SavedModelSession(SavedModelBundle bundle, byte[] graphFile) {
        this.bundle = bundle;
        this.graphFile = graphFile;
    }

    /**
     * Loads a SavedModel, if all that it does is to compute, and checks it against {@link
     * ModelContract}.
     *
     * @param operations that its graph may have besides the harmless ones
     * @throws IOException if it can't be read, has an operation that is not allowed, or breaks the
     *     contract
     */
    public static SavedModelSession load(
            Path directory, ConfigProto config, Collection<String> operations) throws IOException {
        Path graphPath = directory.resolve(GRAPH_FILE);
        if (!Files.isRegularFile(graphPath)) {
            throw new IOException("No SavedModel in " + directory + ": it has no " + GRAPH_FILE);
        }
        byte[] graphFile = Files.readAllBytes(graphPath);
        new GraphCheck(operations).require(graphFile, "The SavedModel in " + directory);
        SavedModelBundle bundle = open(directory, config);
        List<String> problems = ModelContract.problems(bundle.getMetaGraphDef());
        if (!problems.isEmpty()) {
            bundle.close();
            throw new IOException(
                    "The SavedModel in "
                            + directory
                            + " breaks the model contract: "
                            + String.join("; ", problems));
        }
        return new SavedModelSession(bundle, graphFile);
    }

    /** What DJL's {@code Model.load} does, but without its engine's own context. */
    private static SavedModelBundle open(Path directory, ConfigProto config) throws IOException {
        try {
            return JavacppUtils.loadSavedModelBundle(
                    directory.toString(), new String[] {TAG}, config, null);
        } catch (TensorFlowException e) {
            throw new IOException(
                    "The SavedModel in " + directory + " can't be loaded: " + e.getMessage(), e);
        }
    }

    public boolean has(String signature) {
        return bundle.getMetaGraphDef().containsSignatureDef(signature);
    }

    public boolean gives(String signature, String output) {
        return bundle.getMetaGraphDef().getSignatureDefOrThrow(signature).containsOutputs(output);
    }

    /** Whether the graph is one that this library authored. */
    public boolean isReferenceModel() {
        return SavedVariables.of(bundle.getMetaGraphDef()).isReferenceModel();
    }

    public SignatureCall call(String signature) {
        if (!has(signature)) {
            throw new UnsupportedOperationException(
                    "The model has no signature '%s', only %s"
                            .formatted(
                                    signature,
                                    new TreeSet<>(
                                            bundle.getMetaGraphDef()
                                                    .getSignatureDefMap()
                                                    .keySet())));
        }
        return new SignatureCall(
                bundle.getMetaGraphDef().getSignatureDefOrThrow(signature),
                new SessionCall(bundle));
    }

    /** Writes the graph as it was loaded, and the variables as they are. */
    public void save(Path directory) throws IOException {
        Path variables = Files.createDirectories(directory.resolve("variables"));
        Files.write(directory.resolve(GRAPH_FILE), graphFile);
        try (SessionCall call = saverCall(variables)) {
            call.fetch(saver().getSaveTensorName());
            call.run();
        } catch (TensorFlowException e) {
            throw new IOException(
                    "The variables can't be written to " + variables + ": " + e.getMessage(), e);
        }
    }

    /** Reads all variables. */
    public void restore(Path directory) throws IOException {
        Path variables = directory.resolve("variables");
        if (!Files.isRegularFile(variables.resolve("variables.index"))) {
            throw new IOException("No variables in " + variables + " (variables.index)");
        }
        try (SessionCall call = saverCall(variables)) {
            call.target(saver().getRestoreOpName());
            call.run();
        } catch (TensorFlowException e) {
            throw new IOException(
                    "The variables in " + variables + " can't be restored: " + e.getMessage(), e);
        }
    }

    private SessionCall saverCall(Path variables) {
        SessionCall call = new SessionCall(bundle);
        call.feed(
                saver().getFilenameTensorName(),
                NativeTensors.of(new String[] {variables.resolve("variables").toString()}));
        return call;
    }

    private SaverDef saver() {
        return bundle.getMetaGraphDef().getSaverDef();
    }

    @Override
    public void close() {
        bundle.close();
    }
}
