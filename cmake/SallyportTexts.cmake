# sallyport_embed_texts(TARGET FOLDER HEADER include-path NAMESPACE ns TYPE struct FUNCTION name)
#
# Compiles every file below FOLDER (sources aside) into TARGET as the table that HEADER declares: a span of TYPE{name, text},
# where the name is the path inside FOLDER.
function(sallyport_embed_texts target folder)
  cmake_parse_arguments(arg "" "HEADER;NAMESPACE;TYPE;FUNCTION" "" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.mustache ${folder}/*.css ${folder}/*.txt ${folder}/*.html)
  list(SORT files)
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(RELATIVE_PATH name ${folder} ${file})
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"~text~(${text})~text~\"},\n")
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_${arg_FUNCTION}.cc)
  file(WRITE ${output}.new "// Made from ${folder} by cmake/SallyportTexts.cmake.
#include \"${arg_HEADER}\"

namespace ${arg_NAMESPACE} {
namespace {
constexpr ${arg_TYPE} kTexts[] = {
${rows}};
}  // namespace
std::span<const ${arg_TYPE}> ${arg_FUNCTION}() { return kTexts; }
}  // namespace ${arg_NAMESPACE}
")
  configure_file(${output}.new ${output} COPYONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
