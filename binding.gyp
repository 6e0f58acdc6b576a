{
  "targets": [
    {
      "target_name": "rampart_native",
      "sources": [
        "native/addon.cc",
        "native/argument.cc",
        "native/bpf_info.cc",
        "native/bpf_map.cc",
        "native/datagram_reader.cc",
        "native/bpf_object.cc",
        "native/bpf_program.cc",
        "native/errno_error.cc",
        "native/file_lock.cc",
        "native/libbpf_log.cc",
        "native/map_batch.cc",
        "native/mount.cc",
        "native/netns.cc",
        "native/readable_poll.cc",
        "native/send_queue.cc",
        "native/socket.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS", "_GNU_SOURCE"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-fexceptions", "-Wall", "-Wextra", "-fvisibility=hidden"],
      "libraries": ["-lbpf", "-lelf", "-lz"]
    }
  ]
}
