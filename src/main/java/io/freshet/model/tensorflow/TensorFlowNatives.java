package io.freshet.model.tensorflow;

import ai.djl.tensorflow.engine.javacpp.LibUtils;
import ai.djl.util.Utils;
import com.sun.jna.NativeLibrary;
import io.freshet.model.tensorflow.device.CudaLibraries;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the natives of DJL's TensorFlow engine from TF-Java's own jar, and nothing is downloaded.
 *
 * <p>DJL's {@code Engine} is not started: with it comes an eager context, which takes the whole of
 * every GPU of the host, under options that hold for all sessions of the process and can't be set.
 *
 * <p>DJL does not look into {@code tensorflow-core-native}. It does look at {@code
 * TENSORFLOW_LIBRARY_PATH}; JavaCPP's loader unpacks the jar into its cache (617 MB, once per
 * machine; {@code ~/.javacpp/cache} or, where that can't be written, the temporary directory) and
 * says where that is. Whoever sets {@code TENSORFLOW_LIBRARY_PATH} (environment or system property)
 * to a directory of unpacked libraries is left alone. JavaCPP and DJL find the temporary directory
 * by themselves where the home directory can't be written; {@code org.bytedeco.javacpp.cachedir}
 * and {@code DJL_CACHE_DIR} name other places.
 *
 * <p>Natives load once per process: on a cluster these jars belong into Flink's {@code lib/}.
 */
public final class TensorFlowNatives {

    private static final String LIBRARY_PATH = "TENSORFLOW_LIBRARY_PATH";

    private static boolean loaded;

    private TensorFlowNatives() {}

    /** Loads them if they aren't. Call it before any other class of TensorFlow. */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        setDefault("ai.djl.offline", "true");
        // JavaCPP would count the process's memory against a share of the Java heap
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setDefaultEnvironment("TF_CPP_MIN_LOG_LEVEL", "1");
        // as nvidia-smi counts them, and so Flink's GPU plugin; CUDA's own order is by speed
        setDefaultEnvironment("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        if (Utils.getEnvOrSystemProperty(LIBRARY_PATH) == null) {
            String library = Loader.load(org.tensorflow.internal.c_api.global.tensorflow.class);
            if (library == null) {
                throw new IllegalStateException(
                        "No TensorFlow library for "
                                + Loader.getPlatform()
                                + ": tensorflow-core-native with this classifier must be on the"
                                + " class path, or "
                                + LIBRARY_PATH
                                + " must name a directory with it");
            }
            System.setProperty(LIBRARY_PATH, library);
        }
        LibUtils.loadLibrary();
        CudaLibraries.load();
        loaded = true;
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * TensorFlow reads its environment natively, when it is loaded: without this, each version that
     * is loaded writes lines of INFO to standard error.
     */
    private static void setDefaultEnvironment(String name, String value) {
        int overwrite = 0;
        int failure =
                NativeLibrary.getProcess()
                        .getFunction("setenv")
                        .invokeInt(new Object[] {name, value, overwrite});
        if (failure != 0) {
            throw new IllegalStateException("setenv(" + name + ") failed: " + failure);
        }
    }
}
