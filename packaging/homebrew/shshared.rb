# Homebrew: a formula for a tap. FILL IN: homepage, url and sha256 of a release.
class Shshared < Formula
  desc "Give a block of memory to a process known by nothing but its pid"
  homepage "https://FILL-IN.invalid"
  url "https://FILL-IN.invalid/shshared-0.2.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "cmake" => :build

  def install
    system "cmake", "-S", ".", "-B", "build", "-DBUILD_TESTING=OFF", "-DSHSHARED_EXAMPLES=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
    pkgshare.install "tests/consumer/main.c"
  end

  test do
    system ENV.cc, pkgshare/"main.c", "-I#{include}", "-L#{lib}", "-lshshared", "-o", "consumer"
    assert_match "works", shell_output("./consumer")
  end
end
