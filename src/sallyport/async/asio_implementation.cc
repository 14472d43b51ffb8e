// SPDX-License-Identifier: Apache-2.0
// Asio's own sources, compiled in this one translation unit (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
