package io.freshet.model.tensorflow.device;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;

/** The devices that TensorFlow gives a session. */
public final class SessionDevices {

    private SessionDevices() {}

    /**
     * Names of the devices, as in {@code /job:localhost/replica:0/task:0/device:GPU:0}.
     *
     * @param config of the session
     */
    public static List<String> of(ConfigProto config) {
        byte[] bytes = config.toByteArray();
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
            tensorflow.TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
            status.throwExceptionIfNotOK();
            TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
            status.throwExceptionIfNotOK();
            TF_DeviceList devices = tensorflow.TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            try {
                List<String> names = new ArrayList<>();
                for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
                    names.add(tensorflow.TF_DeviceListName(devices, i, status).getString());
                    status.throwExceptionIfNotOK();
                }
                return names;
            } finally {
                tensorflow.TF_DeleteDeviceList(devices);
            }
        }
    }
}
